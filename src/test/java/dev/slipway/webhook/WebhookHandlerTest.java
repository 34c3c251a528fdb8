package dev.slipway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slipway.intake.Intake;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.core.io.buffer.ReadBufferFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Isolated
class WebhookHandlerTest {
  private static final Secret SECRET = new Secret("It's a Secret to Everybody");
  private static final byte[] PUSH = "{}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private final Refusals refusals = new Refusals(() -> Instant.EPOCH);
  private Database database;
  private Intake intake;

  @BeforeEach
  void open() {
    database =
        Database.open("jdbc:sqlite:" + folder.resolve("slipway.db"), new DatabaseLogin(null, null));
    intake =
        new Intake(
            new Inbox(database, Duration.ofDays(90)),
            List.of(),
            Duration.ofDays(365),
            () -> Instant.EPOCH);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private WebhookHandler handler(Duration answer) {
    return new WebhookHandler(
        List.of(new NamedSecret("current", SECRET, "github.com")),
        intake,
        refusals,
        () -> Instant.EPOCH,
        answer);
  }

  private static DeliveryHeaders headers(boolean exposesSecret) {
    return headers(SECRET, "ping", exposesSecret);
  }

  private static DeliveryHeaders headers(Secret secret, String event, boolean exposesSecret) {
    return new DeliveryHeaders(
        List.of("sha256=" + HexFormat.of().formatHex(Hmac.of(secret, PUSH))),
        event,
        UUID.randomUUID().toString(),
        "7",
        Optional.empty(),
        Optional.of(PayloadFormat.JSON),
        OptionalLong.of(PUSH.length),
        exposesSecret,
        new InetSocketAddress("192.0.2.1", 1));
  }

  private static ReadBuffer buffer() {
    return ReadBufferFactory.getJdkFactory().adapt(PUSH);
  }

  private static CompletableFuture<WebhookResponse> deliver(WebhookHandler handler, String event) {
    return handler.handle(headers(SECRET, event, false), () -> Flux.just(buffer()));
  }

  private static WebhookResponse deliver(WebhookHandler handler, boolean exposesSecret) {
    return handler.handle(headers(exposesSecret), () -> Flux.just(buffer())).join();
  }

  @Test
  void without_a_secret_there_is_no_handler() {
    assertThatThrownBy(() -> new WebhookHandler(List.of(), intake, refusals, () -> Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("secret");
  }

  @Test
  void a_database_that_is_held_is_not_waited_for_longer_than_github_waits() {
    CompletableFuture<Integer> held = new CompletableFuture<>();
    CompletableFuture<Integer> begun = new CompletableFuture<>();
    Thread holder =
        Thread.ofPlatform()
            .start(
                () ->
                    new Inbox(database, Duration.ofDays(90))
                        .record(
                            _ -> {
                              begun.complete(1);
                              return held.join();
                            }));
    begun.join();
    try {
      WebhookResponse response = deliver(handler(Duration.ofMillis(50)), false);
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body().error()).isEqualTo("store");
      assertThat(refusals.count(Refusal.STORE)).isOne();
    } finally {
      held.complete(1);
      join(holder);
    }
    assertThat(deliver(handler(Duration.ofMinutes(1)), false).status()).isEqualTo(200);
  }

  @Test
  void a_forged_delivery_is_refused_by_the_thread_that_brought_its_last_byte() {
    WebhookHandler handler = handler(Duration.ofMinutes(1));
    Thread[] answering = new Thread[1];
    CompletableFuture<Integer> rest = new CompletableFuture<>();
    CompletableFuture<WebhookResponse> response =
        handler.handle(
            headers(new Secret("somebody else's"), "push", false),
            () -> Flux.just(buffer()).concatWith(Mono.fromFuture(rest).then(Mono.empty())));
    CompletableFuture<Void> answered =
        response.thenAccept(_ -> answering[0] = Thread.currentThread());
    assertThat(response).isNotDone();
    rest.complete(1);
    assertThat(answered).isCompleted();
    assertThat(answering).containsExactly(Thread.currentThread());
    assertThat(response.join().body().error()).isEqualTo("signature_mismatch");
    assertThat(handler.memoryInUse()).isZero();
  }

  @Test
  void an_event_that_is_ignored_needs_no_database_until_the_handler_closes() {
    database.close();
    WebhookHandler handler = handler(Duration.ofMinutes(1));
    assertThat(deliver(handler, "push")).isCompleted();
    assertThat(deliver(handler, "push").join())
        .extracting(WebhookResponse::status, response -> response.body().decision())
        .containsExactly(202, "ignored_event");
    assertThat(deliver(handler, "ping").join().status()).isEqualTo(503);
    intake.close();
    assertThat(deliver(handler, "push").join())
        .extracting(WebhookResponse::status, response -> response.body().error())
        .containsExactly(503, "stopping");
  }

  @Test
  @Timeout(30)
  void the_memory_of_a_body_that_comes_too_late_is_given_back() {
    WebhookHandler handler = handler(Duration.ofMillis(1));
    CompletableFuture<Integer> end = new CompletableFuture<>();
    CompletableFuture<WebhookResponse> late =
        handler.handle(
            headers(false),
            () -> Flux.just(buffer()).concatWith(Mono.fromFuture(end).then(Mono.empty())));
    assertThat(late.join().status()).isEqualTo(503);
    assertThat(handler.memoryInUse()).isPositive();
    end.complete(1);
    while (handler.memoryInUse() > 0) {
      Thread.onSpinWait();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_secret_that_travels_with_its_deliveries_is_warned_of_once() {
    Logger logger = (Logger) LoggerFactory.getLogger(WebhookHandler.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    try {
      WebhookHandler handler = handler(Duration.ofMinutes(1));
      WebhookResponse _ = deliver(handler, false);
      assertThat(appender.list).isEmpty();
      WebhookResponse _ = deliver(handler, true);
      WebhookResponse _ = deliver(handler, true);
    } finally {
      logger.detachAppender(appender);
    }
    assertThat(appender.list).hasSize(1);
    assertThat(appender.list.getFirst().getFormattedMessage())
        .contains("X-GitHub-Encoded-Secret", "change it (current)");
  }
}
