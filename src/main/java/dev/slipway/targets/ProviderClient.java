package dev.slipway.targets;

import dev.slipway.http.BaseUrl;
import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.secret.Secret;
import java.net.URI;

/**
 * A provider's JSON API with its base address and credential. Reads and cancels; the request that
 * starts a deploy it only builds.
 */
public final class ProviderClient {
  private final ProviderCalls calls;
  private final BaseUrl base;
  private final String scheme;
  private final Secret credential;

  /**
   * @param base what every path is added to
   * @param scheme how the credential is sent: {@code Bearer}, {@code Token}
   */
  public ProviderClient(ProviderCalls calls, URI base, String scheme, Secret credential) {
    this.calls = calls;
    this.base = BaseUrl.of(base);
    this.scheme = scheme;
    this.credential = credential;
  }

  public URI uri(String path) {
    return base.uri(path);
  }

  public Reply read(String path) throws InterruptedException {
    return calls.read(authorized(Call.get(uri(path))));
  }

  /** The same for what is read again and again; a lost answer is only read again. */
  public Reply poll(String path) throws InterruptedException {
    return calls.poll(authorized(Call.get(uri(path))));
  }

  /**
   * Asks for a deploy to be cancelled.
   *
   * @param cancel made by {@link #post}
   */
  public Reply cancel(Call cancel) throws InterruptedException {
    return calls.cancel(cancel);
  }

  /** Builds a POST without a body. */
  public Call post(String path) {
    return authorized(Call.post(uri(path)));
  }

  /** Builds a POST of JSON text. */
  public Call post(String path, String json) {
    return authorized(Call.postJson(uri(path), json));
  }

  private Call authorized(Call call) {
    return call.with("Authorization", scheme + " " + credential.reveal())
        .with("Accept", "application/json");
  }

  @Override
  public String toString() {
    return "ProviderClient[" + base + "]";
  }
}
