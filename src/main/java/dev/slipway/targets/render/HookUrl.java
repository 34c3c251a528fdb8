package dev.slipway.targets.render;

import dev.slipway.http.BaseUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A deploy hook's address, taken apart. Never prints its query, which holds the key. */
final class HookUrl {
  private static final String SETTING = "RENDER_DEPLOY_HOOK_URL";
  private static final String PATH = "/deploy/";

  private final URI uri;
  private final ServiceId service;

  private HookUrl(URI uri, ServiceId service) {
    this.uri = uri;
    this.service = service;
  }

  /**
   * @throws IllegalArgumentException with the sentence of {@link #problem}
   */
  static HookUrl of(String url, URI apiUrl) {
    Optional<String> problem = problem(url, apiUrl);
    if (problem.isPresent()) {
      throw new IllegalArgumentException(problem.get());
    }
    URI uri = URI.create(url);
    return new HookUrl(uri, new ServiceId(uri.getRawPath().substring(PATH.length())));
  }

  /** What is wrong with the address, as a sentence that shows no part of it that may be secret. */
  static Optional<String> problem(String url, URI apiUrl) {
    try {
      URI uri = new URI(url);
      return originProblem(uri, apiUrl).or(() -> pathProblem(uri)).or(() -> queryProblem(uri));
    } catch (URISyntaxException malformed) {
      return Optional.of(SETTING + " is not a valid address. Copy it again from Render.");
    }
  }

  private static Optional<String> originProblem(URI uri, URI apiUrl) {
    String wanted = apiUrl.getScheme() + "://" + apiUrl.getRawAuthority();
    if (!uri.isAbsolute() || uri.getHost() == null) {
      return Optional.of(
          SETTING + " is not an absolute address. It must start with " + wanted + PATH + ".");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      return Optional.of(
          SETTING + " must hold neither a user name nor a fragment. Copy it again from Render.");
    }
    if (!uri.getScheme().equalsIgnoreCase(apiUrl.getScheme())) {
      return Optional.of(
          "%s uses %s. It must start with %s%s.".formatted(SETTING, uri.getScheme(), wanted, PATH));
    }
    if (!uri.getHost().equalsIgnoreCase(apiUrl.getHost()) || port(uri) != port(apiUrl)) {
      return Optional.of(
          "%s points to %s. It must start with %s%s (RENDER_API_URL decides the host)."
              .formatted(SETTING, hostAndPort(uri), wanted, PATH));
    }
    return Optional.empty();
  }

  private static Optional<String> pathProblem(URI uri) {
    String path = uri.getRawPath();
    if (path.startsWith(PATH + "exs-")) {
      return Optional.of(
          SETTING
              + " is the hook of a Blueprint (exs-…): it syncs render.yaml and deploys nothing."
              + " Take the deploy hook from the service's own settings (srv-… or crn-…).");
    }
    if (!path.startsWith(PATH) || ServiceId.parse(path.substring(PATH.length())).isEmpty()) {
      return Optional.of(
          SETTING
              + " has the wrong path. It must be /deploy/ and a service id (srv-… or crn-…);"
              + " copy it again from the service's settings at Render.");
    }
    return Optional.empty();
  }

  private static Optional<String> queryProblem(URI uri) {
    boolean hasKey =
        parameters(uri).stream()
            .anyMatch(parameter -> name(parameter).equals("key") && !value(parameter).isEmpty());
    return hasKey
        ? Optional.empty()
        : Optional.of(SETTING + " has no key. It must end with ?key=… as Render shows it.");
  }

  ServiceId service() {
    return service;
  }

  /** Every spelling of every value in the query, none of which may be shown. */
  List<String> secrets() {
    return parameters(uri).stream()
        .flatMap(parameter -> Stream.of(value(parameter), decoded(value(parameter))))
        .filter(value -> !value.isEmpty())
        .distinct()
        .toList();
  }

  /**
   * The address to call for one deploy. A value that is null leaves what the address itself says.
   */
  URI with(@Nullable String ref, @Nullable String image) {
    Map<String, String> wanted = new LinkedHashMap<>();
    if (ref != null) {
      wanted.put("ref", ref);
    }
    if (image != null) {
      wanted.put("imgURL", image);
    }
    String query =
        Stream.concat(
                parameters(uri).stream().filter(kept -> !wanted.containsKey(name(kept))),
                wanted.entrySet().stream()
                    .map(set -> set.getKey() + "=" + BaseUrl.encoded(set.getValue())))
            .collect(Collectors.joining("&"));
    return URI.create(
        uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath() + "?" + query);
  }

  private static List<String> parameters(URI uri) {
    return uri.getRawQuery() == null
        ? List.of()
        : Arrays.stream(uri.getRawQuery().split("&")).filter(part -> !part.isEmpty()).toList();
  }

  private static String name(String parameter) {
    int equals = parameter.indexOf('=');
    return decoded(equals < 0 ? parameter : parameter.substring(0, equals));
  }

  private static String value(String parameter) {
    int equals = parameter.indexOf('=');
    return equals < 0 ? "" : parameter.substring(equals + 1);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String hostAndPort(URI uri) {
    return uri.getHost() + (uri.getPort() == -1 ? "" : ":" + uri.getPort());
  }

  private static int port(URI uri) {
    if (uri.getPort() != -1) {
      return uri.getPort();
    }
    return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }

  @Override
  public String toString() {
    return "HookUrl[" + service + "]";
  }
}
