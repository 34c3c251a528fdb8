package dev.slipway.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Requests as GitHub sends them, of 10 KB, each another one. What all have in common is hashed
 * once, so that the sender takes little of the machine that it shares with what it measures.
 */
final class SignedRequests {
  static final String SECRET = "the secret of the benchmark";
  private static final int SIZE = 10 * 1024;

  private final String path;
  private final String event;
  private final boolean oneEnvironment;
  private final AtomicLong number;
  private final byte[] common;
  private final Mac keyed;

  private SignedRequests(String path, String event, boolean oneEnvironment, AtomicLong number) {
    this.path = path;
    this.event = event;
    this.oneEnvironment = oneEnvironment;
    this.number = number;
    this.common = common();
    try {
      this.keyed = Mac.getInstance("HmacSHA256");
      keyed.init(new SecretKeySpec(SECRET.getBytes(US_ASCII), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    keyed.update(common);
  }

  /** Deployments, numbered on from {@code number}, each of an environment of its own. */
  static SignedRequests deployments(String path, AtomicLong number) {
    return new SignedRequests(path, "deployment", false, number);
  }

  /** Deployments of one environment, each newer than the one before. */
  static SignedRequests ofOneEnvironment(String path, AtomicLong number) {
    return new SignedRequests(path, "deployment", true, number);
  }

  /** Deliveries of an event that nobody waits for. */
  static SignedRequests pushes(String path, AtomicLong number) {
    return new SignedRequests(path, "push", false, number);
  }

  /** As long as GitHub's, and with as many fields that a deployer has no use for. */
  private static byte[] common() {
    StringBuilder text =
        new StringBuilder("{\"action\":\"created\",\"repository\":{\"id\":1296269,");
    text.append("\"full_name\":\"octo-org/hello-world\",\"private\":false");
    for (int field = 0; text.length() < SIZE - 600; field++) {
      text.append(
          ",\"thing_%d_url\":\"https://api.github.com/repos/octo-org/hello-world/things%d{/sha}\""
              .formatted(field, field));
    }
    return text.append("},").toString().getBytes(US_ASCII);
  }

  /** The next one, well signed. */
  ByteBuffer next() {
    byte[] own = own(number.incrementAndGet());
    try {
      Mac mac = (Mac) keyed.clone();
      return request(own, HexFormat.of().formatHex(mac.doFinal(own)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's own HMAC can be cloned", e);
    }
  }

  /** The next one, signed by somebody who does not know the secret. */
  ByteBuffer forged() {
    return request(own(number.incrementAndGet()), "0".repeat(64));
  }

  private byte[] own(long id) {
    String environment = oneEnvironment ? "production" : "preview-" + id;
    return """
    "deployment":{"id":%d,"sha":"%040x","ref":"main","task":"deploy","environment":"%s",
    "payload":{},"description":"","creator":{"login":"mia","type":"User"},"created_at":"%s",
    "performed_via_github_app":null},"workflow_run":null}"""
        .formatted(id, id, environment, Instant.now().truncatedTo(ChronoUnit.SECONDS))
        .getBytes(US_ASCII);
  }

  private ByteBuffer request(byte[] own, String signature) {
    byte[] head =
        """
      POST %s HTTP/1.1\r
      Host: 127.0.0.1\r
      User-Agent: GitHub-Hookshot/benchmark\r
      Accept: */*\r
      Content-Type: application/json\r
      X-GitHub-Event: %s\r
      X-GitHub-Delivery: %s\r
      X-GitHub-Hook-ID: 7\r
      X-Hub-Signature-256: sha256=%s\r
      Content-Length: %d\r
      \r
      """
            .formatted(path, event, UUID.randomUUID(), signature, common.length + own.length)
            .getBytes(US_ASCII);
    return ByteBuffer.allocate(head.length + common.length + own.length)
        .put(head)
        .put(common)
        .put(own)
        .flip();
  }
}
