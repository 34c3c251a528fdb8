package dev.slipway.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that https calls go through, by {@code CONNECT}. Never prints its password.
 *
 * @param user null for none
 * @param except what is called directly: hosts, which stand for the names below them too, with or
 *     without a port, or {@code *}. This machine always is
 */
public record HttpsProxy(
    String host, int port, @Nullable String user, @Nullable String password, List<String> except) {
  private static final int USUAL_PORT = 3128;

  public HttpsProxy {
    except = List.copyOf(except);
  }

  /** Reads an address such as {@code http://user:password@proxy:3128}; empty when it is none. */
  public static Optional<HttpsProxy> parse(String address, List<String> except) {
    try {
      URI uri = new URI(address.strip());
      String path = uri.getRawPath() == null ? "" : uri.getRawPath();
      boolean isGood =
          "http".equals(uri.getScheme())
              && uri.getHost() != null
              && (path.isEmpty() || path.equals("/"))
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      return isGood ? Optional.of(of(uri, except)) : Optional.empty();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static HttpsProxy of(URI uri, List<String> except) {
    String login = uri.getRawUserInfo();
    int colon = login == null ? -1 : login.indexOf(':');
    return new HttpsProxy(
        uri.getHost(),
        uri.getPort() == -1 ? USUAL_PORT : uri.getPort(),
        login == null ? null : decoded(colon < 0 ? login : login.substring(0, colon)),
        login == null || colon < 0 ? null : decoded(login.substring(colon + 1)),
        except);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Whether a call goes through the proxy. */
  boolean isFor(URI uri) {
    String called = uri.getHost().toLowerCase(Locale.ROOT);
    int calledPort = uri.getPort() == -1 ? 443 : uri.getPort();
    boolean isHere =
        called.equals("localhost") || called.startsWith("127.") || called.equals("[::1]");
    return "https".equals(uri.getScheme())
        && !isHere
        && except.stream().noneMatch(pattern -> matches(pattern, called, calledPort));
  }

  private static boolean matches(String pattern, String called, int calledPort) {
    String name = pattern.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
    String withoutPort = name.replaceFirst(":" + calledPort + "$", "");
    return name.equals("*") || called.equals(withoutPort) || called.endsWith("." + withoutPort);
  }

  ProxySelector selector() {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return List.of(
            isFor(uri)
                ? new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port))
                : Proxy.NO_PROXY);
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The call itself ends with it
      }
    };
  }

  @Override
  public String toString() {
    return "http://" + host + ":" + port;
  }
}
