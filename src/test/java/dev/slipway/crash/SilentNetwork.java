package dev.slipway.crash;

import dev.slipway.store.Relay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * PostgreSQL behind a network that falls silent: nothing arrives any more and nobody is told, as
 * behind a firewall that forgot its connections. What was open then stays dead when it works again.
 */
final class SilentNetwork implements StateStore {
  private final StateStore database;
  private final Relay relay;

  SilentNetwork(StateStore database) throws IOException {
    this.database = database;
    this.relay = new Relay(Relay.port(database.url()));
  }

  @Override
  public String name() {
    return database.name() + ", silent network";
  }

  @Override
  public String url() {
    return relay.through(database.url());
  }

  @Override
  public String directUrl(Path data) {
    return database.directUrl(data);
  }

  @Override
  public void lapse() {
    database.lapse();
  }

  @Override
  public boolean canFail() {
    return true;
  }

  @Override
  public void fail() {
    relay.fallSilent();
  }

  @Override
  public void recover() {
    relay.recover();
  }

  @Override
  public void close() {
    try {
      relay.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    database.close();
  }
}
