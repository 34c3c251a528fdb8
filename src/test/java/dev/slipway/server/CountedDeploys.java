package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;

/**
 * A running Slipway whose deploys leave a line each, and the means to see that nothing was kept.
 */
final class CountedDeploys implements AutoCloseable {
  final SlipwayServer world;
  private final Path folder;
  private long next = 1000;

  /** What is kept. */
  record Kept(long deliveries, long deployments, long runs) {}

  CountedDeploys(Path folder) {
    this(folder, "echo ran >> \"$HERE/ran\"");
  }

  /**
   * @param command may name the folder as {@code $HERE}
   */
  CountedDeploys(Path folder, String command) {
    this.folder = folder;
    this.world =
        new SlipwayServer(folder)
            .set("SLIPWAY_QUEUE", "all")
            .set("DEPLOY_CMD", "HERE='" + folder + "'; " + command)
            .start();
  }

  String database() {
    return "jdbc:sqlite:" + folder.resolve("data/slipway.db");
  }

  long number(String sql) {
    try (Connection connection = DriverManager.getConnection(database());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  Kept kept() {
    return new Kept(
        number("select count(*) from delivery"),
        number("select count(*) from deployment"),
        number("select count(*) from run"));
  }

  RawDelivery.Reply send(RawDelivery parcel) {
    return parcel.to(world.at("/"));
  }

  /** The body of a deployment that was never seen before. */
  String fresh() {
    return SlipwayServer.event(next++, "production", SlipwayServer.SHA);
  }

  /** A refusal keeps nothing, tells nothing, and the next genuine delivery works. */
  void refuses(RawDelivery parcel, int status, String... words) {
    Kept before = kept();
    RawDelivery.Reply reply = send(parcel);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(List.of(words)).allSatisfy(word -> assertThat(reply.body()).contains(word));
    assertNothingCameOf(reply, before);
  }

  void assertNothingCameOf(RawDelivery.Reply reply, Kept before) {
    assertTellsNothing(reply.body());
    assertThat(kept()).isEqualTo(before);
    takesAGenuineOne();
  }

  static void assertTellsNothing(String body) {
    assertThat(body)
        .doesNotContain("Exception", "\tat ", "dev.slipway", "micronaut", "jackson", "netty")
        .doesNotContain("java.", "sqlite", SlipwayServer.SECRET)
        .doesNotContainPattern("[0-9a-f]{64}");
  }

  void takesAGenuineOne() {
    accepts(RawDelivery.of(fresh()));
  }

  void accepts(RawDelivery parcel) {
    decides(parcel, 202, "accepted");
  }

  void decides(RawDelivery parcel, int status, String decision) {
    RawDelivery.Reply reply = send(parcel);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.body()).contains("\"decision\":\"" + decision + "\"");
  }

  /** Everything that was accepted ran once and ended well; nothing else ran. */
  void ranExactlyWhatItAccepted() {
    long runs = kept().runs();
    Await.until(() -> ended() + " of " + runs + " ended well", () -> ended() == runs);
    assertThat(lines("ran")).isEqualTo(runs);
  }

  private long ended() {
    return number("select count(*) from run where state = 'ended' and end_kind = 'succeeded'");
  }

  long lines(String file) {
    try {
      Path path = folder.resolve(file);
      return Files.exists(path) ? Files.readAllLines(path).size() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String signedWith(String key, String body) {
    return "sha256="
        + HexFormat.of().formatHex(Hmac.of(new Secret(key), body.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    world.close();
  }
}
