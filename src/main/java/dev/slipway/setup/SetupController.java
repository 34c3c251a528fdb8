package dev.slipway.setup;

import dev.slipway.github.AppRegistration;
import dev.slipway.github.AppRegistration.Registration;
import dev.slipway.secret.Secret;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /setup/github}: makes a GitHub App in a browser, for whoever has the {@linkplain
 * SetupLinks link}. The App's key is shown once and kept nowhere.
 */
@Controller("/setup/github")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class SetupController {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]+");

  private static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
          + " frame-ancestors 'none'; form-action ";

  private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
  private final SetupLinks links;
  private final AppRegistration registration;

  SetupController(SetupLinks links, AppRegistration registration) {
    this.links = links;
    this.registration = registration;
  }

  @Get(uri = "/{key}", produces = MediaType.TEXT_HTML)
  HttpResponse<String> page(
      @PathVariable String key, @Nullable @QueryValue("organization") String organization) {
    if (!links.opens(key)) {
      return result(HttpStatus.NOT_FOUND, unknown());
    }
    String owner = organization == null ? "" : organization.strip();
    boolean isGood = owner.isEmpty() || AppRegistration.isAccount(owner);
    String base = links.publicBase();
    SetupView view =
        new SetupView(
            "/setup/github/" + key,
            registration.webUrl().getAuthority(),
            isGood ? owner : "",
            isGood ? "" : "An organisation has letters, digits and hyphens in its name.",
            isPublic(base)
                ? ""
                : base
                    + " is an address of this machine, which GitHub cannot reach. Set"
                    + " SLIPWAY_PUBLIC_URL and start again first.",
            registration
                .form(Optional.of(owner).filter(name -> isGood && !name.isEmpty()), links.state())
                .toString(),
            registration.manifest(base, links.callback()),
            base + "/webhooks/github");
    return html(HttpStatus.OK, "setup.jte", Map.of("view", view), "'self' " + registration.webUrl())
        // Without any origin GitHub could take the form for a forged one; the path stays here
        .header("Referrer-Policy", "origin");
  }

  private static boolean isPublic(String base) {
    String host = URI.create(base).getHost();
    return !host.equals("localhost") && !host.equals("127.0.0.1") && !host.equals("[::1]");
  }

  @Get(uri = "/callback", produces = MediaType.TEXT_HTML)
  HttpResponse<String> callback(
      @Nullable @QueryValue("code") String code, @Nullable @QueryValue("state") String state)
      throws InterruptedException {
    if (state == null || !links.takeState(state)) {
      return result(HttpStatus.NOT_FOUND, unknown());
    }
    return switch (registration.register(code == null ? "" : code)) {
      case Registration.Registered registered -> {
        links.end();
        yield result(HttpStatus.OK, settings(registered));
      }
      case Registration.Failed(String reason) ->
          result(
              HttpStatus.BAD_GATEWAY,
              SetupResultView.failed(
                  "No App is connected",
                  reason
                      + ". If GitHub has made an App, delete it there. Then open the link that you"
                      + " began with once more."));
    };
  }

  private static SetupResultView unknown() {
    return SetupResultView.failed(
        "This link does not work",
        "It works for an hour and for one App, and ends when Slipway stops. A new one comes from"
            + " POST /api/setup/github, and from a start without GITHUB_TOKEN and GITHUB_APP_ID.");
  }

  private static SetupResultView settings(Registration.Registered app) {
    String lines =
        "GITHUB_APP_ID="
            + app.id()
            + "\nGITHUB_APP_PRIVATE_KEY="
            + line(app.privateKey())
            + app.webhookSecret().map(s -> "\nGITHUB_WEBHOOK_SECRET=" + line(s)).orElse("")
            + "\n";
    return new SetupResultView(
        app.name() + " is made",
        app.webhookSecret().isPresent()
            ? "GitHub signs its deliveries with a secret of its own, which is among the settings:"
                + " keep yours as GITHUB_WEBHOOK_SECRET_PREVIOUS while other webhooks have it."
            : "It signs its deliveries with the GITHUB_WEBHOOK_SECRET that is set already.",
        lines,
        "data:application/octet-stream;base64,"
            + Base64.getEncoder().encodeToString(lines.getBytes(StandardCharsets.UTF_8)),
        app.installAt().map(URI::toString).orElse(null));
  }

  /**
   * One line for shells, systemd and Docker. Docker takes quotes for a part of the value: they
   * stand around the key alone, which may have them, as its blanks need them elsewhere.
   */
  private static String line(Secret secret) {
    String text = secret.reveal().strip().replace("\r", "").replace("\n", "\\n");
    return PLAIN.matcher(text).matches() ? text : "'" + text + "'";
  }

  private MutableHttpResponse<String> result(HttpStatus status, SetupResultView view) {
    return html(status, "setup-result.jte", Map.of("view", view), "'none'");
  }

  private MutableHttpResponse<String> html(
      HttpStatus status, String template, Map<String, Object> values, String formAction) {
    StringOutput output = new StringOutput();
    templates.render(template, values, output);
    return HttpResponse.<String>status(status)
        .body(output.toString())
        .contentType(MediaType.TEXT_HTML + ";charset=utf-8")
        .header("Content-Security-Policy", POLICY + formAction);
  }
}
