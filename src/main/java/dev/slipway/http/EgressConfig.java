package dev.slipway.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way of outgoing calls: trusted certificates and proxy.
 *
 * @param authorities certificates that are trusted besides those that the JVM trusts
 * @param proxy what https calls go through; null for nothing
 */
public record EgressConfig(List<Certificate> authorities, @Nullable HttpsProxy proxy) {
  /** Without a proxy, with the certificates that the JVM trusts. */
  public static final EgressConfig DIRECT = new EgressConfig(List.of(), null);

  public EgressConfig {
    authorities = List.copyOf(authorities);
  }

  /** The problem with a file of certificates, as a sentence; empty when there is none. */
  public static Optional<String> problemWith(Path certificates) {
    try {
      return read(certificates).isEmpty()
          ? Optional.of("holds no certificate; it must be PEM")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of("cannot be read");
    } catch (GeneralSecurityException e) {
      return Optional.of("holds something that is no certificate in PEM");
    }
  }

  /**
   * The certificates of a PEM file.
   *
   * @throws IllegalArgumentException if {@link #problemWith} finds a problem
   */
  public static List<Certificate> authorities(Path certificates) {
    try {
      return List.copyOf(read(certificates));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("no certificates in " + certificates, e);
    }
  }

  private static Collection<? extends Certificate> read(Path certificates)
      throws IOException, GeneralSecurityException {
    try (InputStream file = Files.newInputStream(certificates)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(file);
    }
  }
}
