package dev.slipway.configuration;

import static dev.slipway.settings.SettingKey.HTTPS_PROXY;
import static dev.slipway.settings.SettingKey.NO_PROXY;
import static dev.slipway.settings.SettingKey.SLIPWAY_CA_FILE;

import dev.slipway.http.EgressConfig;
import dev.slipway.http.HttpsProxy;
import dev.slipway.settings.SettingValues;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads how calls leave this machine. */
final class EgressReader {
  private EgressReader() {}

  static EgressConfig read(SettingValues values, Path folder) {
    return new EgressConfig(authorities(values, folder), proxy(values));
  }

  private static List<Certificate> authorities(SettingValues values, Path folder) {
    Optional<Path> file = values.text(SLIPWAY_CA_FILE).map(folder::resolve);
    Optional<String> problem = file.flatMap(EgressConfig::problemWith);
    problem.ifPresent(
        what ->
            values
                .problems()
                .add(
                    values.name(SLIPWAY_CA_FILE),
                    "names " + file.orElseThrow() + ", which " + what));
    return file.isPresent() && problem.isEmpty() ? EgressConfig.authorities(file.get()) : List.of();
  }

  private static @Nullable HttpsProxy proxy(SettingValues values) {
    Optional<String> address = values.text(HTTPS_PROXY);
    Optional<HttpsProxy> proxy =
        address.flatMap(text -> HttpsProxy.parse(text, values.list(NO_PROXY)));
    // Never shown: it may hold a password
    if (address.isPresent() && proxy.isEmpty()) {
      values
          .problems()
          .add(
              values.name(HTTPS_PROXY),
              "must be an address such as http://proxy.example.com:3128, with user:password@ where"
                  + " it asks for a login");
    }
    proxy.map(HttpsProxy::password).ifPresent(values::noted);
    return proxy.orElse(null);
  }
}
