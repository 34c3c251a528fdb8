package dev.slipway.http;

import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpResponse;
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
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
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
  /** Much more than anybody shows of it, for its secrets are still to be taken out. */
  private static final int LONGEST_REASON = 8 * 1024;

  private static final int LARGEST_ANSWER = 4 * 1024 * 1024;

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
    // Shorter than the whole, so that the reason names a silent server's handshake
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
    return send(call, () -> true);
  }

  /**
   * Sends the call, unless it takes so long to connect that it must not be sent any more.
   *
   * @param maySend asked once, when the request is about to be written; false is answered with a
   *     {@link Reply.NotSent} that may pass
   * @throws InterruptedException as {@link #send(Call)} does
   */
  public Reply send(Call call, BooleanSupplier maySend) throws InterruptedException {
    return reply(call, oneForEach, maySend);
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
    return reply(call, keeping, () -> true);
  }

  private Reply reply(Call call, Client client, BooleanSupplier maySend)
      throws InterruptedException {
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
        : exchange(open, call, client == keeping, maySend);
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

  private Reply exchange(HttpClient open, Call call, boolean maySendAgain, BooleanSupplier maySend)
      throws InterruptedException {
    OutgoingRequest request = OutgoingRequest.of(call, userAgent, maySend);
    var answer =
        Mono.from(open.exchange(request, Argument.of(byte[].class), Argument.of(byte[].class)))
            .toFuture();
    try {
      return answered(request, answer.get());
    } catch (InterruptedException e) {
      boolean _ = request.cancel();
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case HttpClientResponseException response -> answered(request, response.getResponse());
        case Error broken -> throw broken;
        case Throwable failure when request.cancel() -> notSent(call, failure);
        case ContentLengthExceededException _ -> Reply.Unanswered.tooLarge();
        case HttpClientException cut when maySendAgain && isCut(cut) ->
            reply(call, oneForEach, maySend);
        case HttpClientException failure -> unanswered(call, failure);
        case null, default -> unanswered(call, e);
      };
    }
  }

  private static boolean isCut(HttpClientException e) {
    return e instanceof ResponseClosedException || cause(e, SocketException.class) != null;
  }

  private static Reply answered(OutgoingRequest request, HttpResponse<?> response) {
    if (request.cancel()) {
      // The client has changed: nothing could be told of failures any more
      throw new IllegalStateException("an answer came to a request that was not seen to be sent");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    response.getHeaders().forEach((name, values) -> headers.putIfAbsent(name, values.getFirst()));
    byte[] body = response.getBody(byte[].class).orElseGet(() -> new byte[0]);
    return new Reply.Answered(response.code(), headers, new String(body, StandardCharsets.UTF_8));
  }

  /** A failure before the request was written; package-private for those no test can cause. */
  static Reply.NotSent notSent(Call call, Throwable failure) {
    Throwable tls = cause(failure, SSLException.class);
    return tls == null || tls instanceof SslHandshakeTimeoutException
        ? new Reply.NotSent(
            "no connection to " + authority(call) + ": " + shown(last(failure)), true)
        : new Reply.NotSent("no TLS with " + authority(call) + ": " + shown(tls), false);
  }

  /** A failure after the client began to write the request. */
  static Reply.Unanswered unanswered(Call call, Throwable failure) {
    return new Reply.Unanswered(
        "no complete answer from " + authority(call) + ": " + shown(failure));
  }

  /** As one line, in which what the other side sent may stand. */
  private static String shown(Throwable failure) {
    String line = String.valueOf(failure.getMessage()).replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
  }

  private static String authority(Call call) {
    return call.uri().getAuthority();
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
