package dev.slipway.configuration;

import dev.slipway.http.EgressConfig;
import dev.slipway.http.HttpsProxy;
import dev.slipway.settings.Setting;
import dev.slipway.settings.SettingType;
import dev.slipway.settings.SettingValues;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings of outgoing calls. */
final class EgressSettings {
  static final Setting<Optional<Path>> CA_FILE =
      Setting.optional(
          "SLIPWAY_CA_FILE",
          "outgoing.ca-file",
          SettingType.path(),
          "certificates (PEM) to trust besides those of the JVM");

  static final Setting<Optional<String>> HTTPS_PROXY =
      Setting.optional(
          "HTTPS_PROXY",
          "outgoing.https-proxy",
          SettingType.text()
              .where(
                  address -> HttpsProxy.parse(address, List.of()).isPresent(),
                  "must be an address such as http://proxy.example.com:3128, with user:password@"
                      + " where it asks for a login"),
          "what https calls go through; `http://user:password@…` where it asks for a login");

  static final Setting<List<String>> NO_PROXY =
      Setting.of(
          "NO_PROXY",
          "outgoing.no-proxy",
          SettingType.list(),
          List.of(),
          "what is called directly, as this machine always is");

  static final List<Setting<?>> ALL = List.of(CA_FILE, HTTPS_PROXY, NO_PROXY);

  private EgressSettings() {}

  static EgressConfig config(SettingValues values) {
    return new EgressConfig(authorities(values), proxy(values));
  }

  /**
   * How calls to a host leave that has settings of its own.
   *
   * @param outgoing what holds where it has none
   */
  static EgressConfig config(SettingValues own, EgressConfig outgoing) {
    if (own.has(NO_PROXY) && !own.has(HTTPS_PROXY)) {
      own.problem(NO_PROXY, "is set, but https-proxy is not: set both, or use outgoing.no-proxy");
    }
    return new EgressConfig(
        own.has(CA_FILE) ? authorities(own) : outgoing.authorities(),
        own.has(HTTPS_PROXY) ? proxy(own) : outgoing.proxy());
  }

  private static List<Certificate> authorities(SettingValues values) {
    Optional<Path> file = values.get(CA_FILE).map(values::resolve);
    Optional<String> problem = file.flatMap(EgressConfig::problemWith);
    problem.ifPresent(
        what -> values.problem(CA_FILE, "names " + file.orElseThrow() + ", which " + what));
    return file.isPresent() && problem.isEmpty() ? EgressConfig.authorities(file.get()) : List.of();
  }

  private static @Nullable HttpsProxy proxy(SettingValues values) {
    Optional<HttpsProxy> proxy =
        values.get(HTTPS_PROXY).flatMap(address -> HttpsProxy.parse(address, values.get(NO_PROXY)));
    proxy.map(HttpsProxy::password).ifPresent(values::hide);
    return proxy.orElse(null);
  }
}
