package dev.slipway;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ports for servers that come back at the same address after they were away. They lie below those
 * that the system gives to connections and to whoever asks for any port, so that no other test gets
 * one meanwhile.
 */
public final class FreePort {
  private static final int FIRST = 10_000;
  private static final int END = 32_768;
  private static final Random RANDOM = new Random();
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /** A port that nobody listens on, and that is given to nobody else in this process. */
  public static int choose() {
    while (true) {
      int port = RANDOM.nextInt(FIRST, END);
      if (GIVEN.add(port) && isFree(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port)) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
