package dev.slipway.page;

import dev.slipway.problem.Problem;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.SignedLogLinks;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Logs;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code /deployments/ID/KEY}: the log page, its event stream, and its plain-text twin. */
@Controller("/deployments/{id}/{key}")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class PageController {
  // The shortest lines have 26 bytes, and a page shows at most 5,000
  private static final int TAIL = 120 * 1024;
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'"
          + " data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

  private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
  private final PageSource source;
  private final RunLog log;
  private final SignedLogLinks links;
  private final EventStreams streams;
  private final Refusals refusals;
  private final InstantSource clock;

  PageController(
      PageSource source,
      RunLog log,
      SignedLogLinks links,
      EventStreams streams,
      Refusals refusals,
      InstantSource clock) {
    this.refusals = refusals;
    this.source = source;
    this.log = log;
    this.links = links;
    this.streams = streams;
    this.clock = clock;
  }

  @Get(produces = MediaType.TEXT_HTML)
  HttpResponse<String> page(@PathVariable String id, @PathVariable String key) {
    Optional<DeploymentQueries.DeploymentDetails> details = open(id, key);
    if (details.isEmpty()) {
      return html(HttpResponse.notFound(), "gone.jte", Map.of());
    }
    long deployment = details.get().deployment().id();
    Logs.Piece tail = LogWindow.tail(log, deployment, log.length(deployment), TAIL);
    PageView view =
        new PagePresenter(details.get(), source.missedDeliveries(details.get()))
            .view("/deployments/" + id + "/" + key, tail, clock.instant());
    return html(HttpResponse.ok(), "deployment.jte", Map.of("view", view));
  }

  private HttpResponse<String> html(
      MutableHttpResponse<String> response, String template, Map<String, Object> values) {
    StringOutput output = new StringOutput();
    templates.render(template, values, output);
    return response
        .body(output.toString())
        .contentType(MediaType.TEXT_HTML + ";charset=utf-8")
        .header("Content-Security-Policy", POLICY);
  }

  @Get(uri = "/log", produces = MediaType.TEXT_PLAIN)
  HttpResponse<?> plain(@PathVariable String id, @PathVariable String key) {
    return open(id, key)
        .<HttpResponse<?>>map(
            details ->
                HttpResponse.ok(LogWindow.all(log, details.deployment().id()))
                    .contentType(MediaType.TEXT_PLAIN + ";charset=utf-8"))
        .orElseGet(PageController::unknown);
  }

  private static HttpResponse<?> unknown() {
    return Problem.of(404, "this link does not open a log", null).response();
  }

  @Get(uri = "/lines", produces = MediaType.APPLICATION_JSON)
  HttpResponse<?> earlier(
      @PathVariable String id, @PathVariable String key, @QueryValue long before) {
    return open(id, key)
        .<HttpResponse<?>>map(
            details ->
                HttpResponse.ok(
                    streams.earlier(
                        LogWindow.tail(log, details.deployment().id(), Math.max(0, before), TAIL))))
        .orElseGet(PageController::unknown);
  }

  @Get(uri = "/later", produces = MediaType.APPLICATION_JSON)
  HttpResponse<?> later(@PathVariable String id, @PathVariable String key, @QueryValue long from) {
    return open(id, key)
        .<HttpResponse<?>>map(
            details -> HttpResponse.ok(streams.later(details.deployment().id(), Math.max(0, from))))
        .orElseGet(PageController::unknown);
  }

  @Get(uri = "/events", produces = MediaType.TEXT_EVENT_STREAM)
  HttpResponse<?> events(
      HttpRequest<?> request,
      @PathVariable String id,
      @PathVariable String key,
      @Nullable @QueryValue String from) {
    return open(id, key)
        .<HttpResponse<?>>map(
            details ->
                streams.hasRoom(details.deployment().id())
                    ? HttpResponse.ok(streams.of(details.deployment(), offset(request, from)))
                        .contentType(MediaType.TEXT_EVENT_STREAM)
                        .header("X-Accel-Buffering", "no")
                    : full(request))
        .orElseGet(PageController::unknown);
  }

  private HttpResponse<?> full(HttpRequest<?> request) {
    boolean _ = refusals.count(Refusal.STREAMS_TOO_MANY, request.getRemoteAddress());
    return Problem.of(503, "too many pages are open; ask for /later instead", "too_many_streams")
        .response()
        .header(HttpHeaders.RETRY_AFTER, "30");
  }

  /** The browser's own resume comes first: it knows better than the address where it was. */
  private static long offset(HttpRequest<?> request, @Nullable String from) {
    String last = request.getHeaders().get("Last-Event-ID");
    String text = last != null && !last.isBlank() ? last.strip() : from;
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  private Optional<DeploymentQueries.DeploymentDetails> open(String id, String key) {
    OptionalInt generation =
        id.matches("\\d{1,18}")
            ? links.generation(Long.parseLong(id), key, clock.instant())
            : OptionalInt.empty();
    return generation.isEmpty()
        ? Optional.empty()
        : source
            .details(Long.parseLong(id))
            .filter(found -> found.deployment().linkGeneration() == generation.getAsInt());
  }
}
