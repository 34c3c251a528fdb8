package dev.slipway.configuration;

import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.net.URI;
import java.util.List;

/**
 * Where the server listens, and where it is reached.
 *
 * @param port 0 for any that is free
 * @param bind the address to listen on
 * @param isPublicUrlDefault nobody said how the outside reaches us
 */
public record ServerConfig(int port, String bind, URI publicUrl, boolean isPublicUrlDefault) {
  static final Setting<Integer> PORT =
      Setting.of(
          "PORT", "port", SettingType.port(0), 8080, "the port to listen on; `0` for any free one");

  static final Setting<String> BIND =
      Setting.of(
          "SLIPWAY_BIND",
          "bind",
          SettingType.localAddress(),
          "0.0.0.0",
          "the address to listen on; `127.0.0.1` behind a proxy on this machine");

  static final Setting<URI> PUBLIC_URL =
      Setting.computed(
          "SLIPWAY_PUBLIC_URL",
          "public-url",
          SettingType.baseUrl("https://deploy.example.com"),
          "`http://localhost:PORT`",
          others -> URI.create("http://localhost:" + others.get(PORT)),
          "how GitHub and browsers reach this server; the base of `log_url`");

  static final List<Setting<?>> SETTINGS = List.of(PORT, BIND, PUBLIC_URL);

  static ServerConfig read(SettingValues values) {
    return new ServerConfig(
        values.get(PORT), values.get(BIND), values.get(PUBLIC_URL), !values.has(PUBLIC_URL));
  }
}
