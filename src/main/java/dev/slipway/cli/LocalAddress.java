package dev.slipway.cli;

import java.net.URI;

/** Where commands find the Slipway that runs on this machine. */
final class LocalAddress {
  private LocalAddress() {}

  /** A server that listens on all addresses does so on the loopback too. */
  static URI of(String bind, String port) {
    String host =
        switch (bind) {
          case "0.0.0.0", "::", "0:0:0:0:0:0:0:0" -> "127.0.0.1";
          default -> bind.contains(":") ? "[" + bind + "]" : bind;
        };
    return URI.create("http://" + host + ":" + port + "/");
  }
}
