package dev.slipway.http;

import io.micronaut.core.io.ResourceResolver;
import io.micronaut.http.client.netty.ssl.NettyClientSslBuilder;
import io.micronaut.http.ssl.SslConfiguration;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts what the JVM trusts, and some certificates more. */
final class AdditionalTrust extends NettyClientSslBuilder {
  private final List<Certificate> more;

  AdditionalTrust(List<Certificate> more) {
    super(new ResourceResolver());
    this.more = more;
  }

  @Override
  protected @Nullable TrustManagerFactory getTrustManagerFactory(SslConfiguration ssl) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (TrustManager manager : factory(null).getTrustManagers()) {
        if (manager instanceof X509TrustManager usual) {
          for (Certificate authority : usual.getAcceptedIssuers()) {
            trusted.setCertificateEntry("usual-" + number++, authority);
          }
        }
      }
      for (Certificate authority : more) {
        trusted.setCertificateEntry("more-" + number++, authority);
      }
      return factory(trusted);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the certificates of the JVM cannot be read", e);
    }
  }

  private static TrustManagerFactory factory(@Nullable KeyStore trusted)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory;
  }
}
