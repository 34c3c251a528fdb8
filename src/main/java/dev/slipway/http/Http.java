package dev.slipway.http;

import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.client.DefaultHttpClientConfiguration;
import io.micronaut.http.client.HttpClient;
import io.micronaut.http.client.HttpClientConfiguration;
import io.micronaut.http.client.exceptions.ContentLengthExceededException;
import io.micronaut.http.client.exceptions.HttpClientException;
import io.micronaut.http.client.exceptions.HttpClientResponseException;
import io.micronaut.http.client.exceptions.ResponseClosedException;
import io.micronaut.http.client.netty.DefaultHttpClient;
import io.micronaut.http.ssl.ClientSslConfiguration;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sends calls over HTTP. One connection for each call, for a kept connection that dies at the wrong
 * moment leaves in doubt whether the request was acted on, and a doubt ends a deployment; only
 * {@link #poll} keeps connections. Follows no redirects. Safe for use by many threads.
 */
public final class Http implements AutoCloseable {
  private static final int LARGEST_ANSWER = 4 * 1024 * 1024;
  private static final int LONGEST_REASON = 300;

  /** Unused, and shorter than anybody on the way forgets a connection without a word. */
  private static final Duration IDLE = Duration.ofSeconds(20);

  /** In all, for a name may lead elsewhere later. */
  private static final Duration OLDEST = Duration.ofMinutes(5);

  private static final Pattern SENDABLE = Pattern.compile("[\\t\\x20-\\x7e]*");

  private final Client oneForEach;
  private final Client keeping;
  private final HostLookup names;
  private final @Nullable HttpsProxy proxy;
  private final String userAgent;

  /** Made with the first call: this took a third of a start, which has nobody to call yet. */
  private static final class Client {
    private final Supplier<HttpClient> source;
    private @Nullable HttpClient made;
    private boolean closed;

    Client(Supplier<HttpClient> source) {
      this.source = source;
    }

    synchronized @Nullable HttpClient open() {
      if (made == null && !closed) {
        made = source.get();
      }
      return made;
    }

    synchronized void close() {
      closed = true;
      if (made != null) {
        made.close();
      }
    }
  }

  /**
   * @param timeout for finding the host's address, and again for connecting and the whole answer
   * @param userAgent sent with every call; GitHub refuses requests without one
   */
  public Http(Duration timeout, String userAgent) {
    this(timeout, userAgent, EgressConfig.DIRECT);
  }

  /**
   * @param timeout as above
   * @param userAgent as above
   * @param wayOut how calls leave this machine
   */
  public Http(Duration timeout, String userAgent, EgressConfig wayOut) {
    this.oneForEach = new Client(() -> client(configuration(timeout), wayOut));
    this.keeping = new Client(() -> client(keeping(configuration(timeout)), wayOut));
    this.proxy = wayOut.proxy();
    this.names = new HostLookup(timeout);
    this.userAgent = userAgent;
  }

  private static HttpClientConfiguration configuration(Duration timeout) {
    var configuration = new DefaultHttpClientConfiguration();
    configuration.setConnectTimeout(timeout);
    configuration.setReadTimeout(timeout);
    configuration.setRequestTimeout(timeout.plusSeconds(1));
    configuration.setFollowRedirects(false);
    configuration.setExceptionOnErrorStatus(false);
    configuration.setMaxContentLength(LARGEST_ANSWER);
    // Shorter than the whole, or a silent server would leave in doubt what was never sent
    var tls = new ClientSslConfiguration();
    tls.setHandshakeTimeout(timeout.dividedBy(2));
    configuration.setSslConfiguration(tls);
    configuration.getConnectionPoolConfiguration().setEnabled(false);
    // HTTP/2 would have all calls to a host wait for one connection
    configuration.setAlpnModes(List.of("http/1.1"));
    return configuration;
  }

  private static HttpClientConfiguration keeping(HttpClientConfiguration configuration) {
    configuration.getConnectionPoolConfiguration().setEnabled(true);
    configuration.setConnectionPoolIdleTimeout(IDLE);
    configuration.setConnectTtl(OLDEST);
    configuration.setNumOfThreads(1);
    return configuration;
  }

  private static HttpClient client(HttpClientConfiguration configuration, EgressConfig wayOut) {
    HttpsProxy through = wayOut.proxy();
    if (through != null) {
      configuration.setProxySelector(through.selector());
      if (through.user() != null) {
        configuration.setProxyUsername(through.user());
        configuration.setProxyPassword(through.password() == null ? "" : through.password());
      }
    }
    return wayOut.authorities().isEmpty()
        ? HttpClient.create(null, configuration)
        : DefaultHttpClient.builder()
            .configuration(configuration)
            .nettyClientSslBuilder(new AdditionalTrust(wayOut.authorities()))
            .build();
  }

  /**
   * Sends the call and waits for the answer. Every bad end is a {@link Reply}.
   *
   * @throws InterruptedException when the thread is interrupted: if it was before, nothing was
   *     sent; else the request may have been
   */
  public Reply send(Call call) throws InterruptedException {
    return reply(call, oneForEach);
  }

  /**
   * Sends a GET of one who asks again and again, over a connection that was kept from the call
   * before, if there is one. When the other side closes that at the wrong moment the call is sent
   * once more, over one of its own.
   *
   * @throws InterruptedException as {@link #send} does
   */
  public Reply poll(Call call) throws InterruptedException {
    if (!call.method().equals("GET")) {
      throw new IllegalArgumentException("only what changes nothing is sent so: " + call);
    }
    return reply(call, keeping);
  }

  private Reply reply(Call call, Client client) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before " + call.described());
    }
    Optional<String> problem = unsendable(call);
    if (problem.isPresent()) {
      return new Reply.NotSent(problem.get(), false);
    }
    Optional<String> lost =
        names.problem(
            proxy != null && proxy.isFor(call.uri()) ? proxy.host() : call.uri().getHost());
    if (lost.isPresent()) {
      return new Reply.NotSent(lost.get(), true);
    }
    HttpClient open = client.open();
    return open == null
        ? new Reply.NotSent("nothing is sent any more, Slipway is stopping", true)
        : exchange(open, call, client == keeping);
  }

  /** Header values come from settings; what a header cannot hold must not end in an exception. */
  private static Optional<String> unsendable(Call call) {
    return call.headers().entrySet().stream()
        .filter(header -> !SENDABLE.matcher(header.getValue()).matches())
        .map(Map.Entry::getKey)
        .sorted()
        .findFirst()
        .map(
            name ->
                "the header "
                    + name
                    + " holds a line break or another character that cannot be sent; set the token"
                    + " in it again without");
  }

  private Reply exchange(HttpClient open, Call call, boolean maySendAgain)
      throws InterruptedException {
    var answer =
        Mono.from(
                open.exchange(request(call), Argument.of(byte[].class), Argument.of(byte[].class)))
            .toFuture();
    try {
      return answered(answer.get());
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case HttpClientResponseException response -> answered(response.getResponse());
        case ContentLengthExceededException _ -> Reply.Unanswered.tooLarge();
        case HttpClientException cut when maySendAgain && isCut(call, cut) ->
            reply(call, oneForEach);
        case HttpClientException failure -> unanswered(call, failure);
        case Error broken -> throw broken;
        // Whatever it is, the request may have left by now
        case null, default ->
            new Reply.Unanswered(
                "no complete answer from " + authority(call) + ": " + e.getCause());
      };
    }
  }

  private static boolean isCut(Call call, HttpClientException e) {
    return unanswered(call, e) instanceof Reply.Unanswered
        && (e instanceof ResponseClosedException || has(e, SocketException.class));
  }

  private MutableHttpRequest<byte[]> request(Call call) {
    MutableHttpRequest<byte[]> request =
        HttpRequest.create(HttpMethod.valueOf(call.method()), call.uri().toString());
    call.headers().forEach(request::header);
    request.header("User-Agent", userAgent);
    String body = call.body();
    return body == null ? request : request.body(body.getBytes(StandardCharsets.UTF_8));
  }

  private static Reply answered(HttpResponse<?> response) {
    Map<String, String> headers = new LinkedHashMap<>();
    response.getHeaders().forEach((name, values) -> headers.putIfAbsent(name, values.getFirst()));
    byte[] body = response.getBody(byte[].class).orElseGet(() -> new byte[0]);
    return new Reply.Answered(response.code(), headers, new String(body, StandardCharsets.UTF_8));
  }

  /** What a failure of the client means; package-private for the failures no test can cause. */
  static Reply unanswered(Call call, HttpClientException e) {
    // The client says "Connect Error" for whatever failed before it could send
    boolean before =
        String.valueOf(e.getMessage()).startsWith("Connect Error")
            || has(e, ConnectException.class)
            || has(e, NoRouteToHostException.class)
            || has(e, BindException.class)
            || has(e, UnknownHostException.class);
    if (!before) {
      return new Reply.Unanswered("no complete answer from " + authority(call) + ": " + shown(e));
    }
    Throwable tls = cause(e, SSLException.class);
    return tls == null || tls instanceof SslHandshakeTimeoutException
        ? new Reply.NotSent("no connection to " + authority(call) + ": " + shown(last(e)), true)
        : new Reply.NotSent("no TLS with " + authority(call) + ": " + shown(tls), false);
  }

  /** What the other side sent may stand in the message of a failure, and is kept as a fact. */
  private static String shown(Throwable failure) {
    String line = String.valueOf(failure.getMessage()).replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
  }

  private static String authority(Call call) {
    return call.uri().getAuthority();
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
    return cause(thrown, type) != null;
  }

  private static @Nullable Throwable cause(Throwable thrown, Class<? extends Throwable> type) {
    return causes(thrown).filter(type::isInstance).findFirst().orElse(null);
  }

  private static Throwable last(Throwable thrown) {
    return causes(thrown).reduce(thrown, (_, deeper) -> deeper);
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
  }

  @Override
  public void close() {
    oneForEach.close();
    keeping.close();
    names.close();
  }
}
