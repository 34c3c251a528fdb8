package dev.slipway.setup;

import dev.slipway.github.AppRegistration;
import dev.slipway.github.AppRegistration.Registration;
import dev.slipway.github.GithubSettingNames;
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
import org.jspecify.annotations.Nullable;

/**
 * {@code /setup/github}: makes a GitHub App in a browser, for whoever has the {@linkplain
 * SetupLinks link}. The App's key is shown once and kept nowhere.
 */
@Controller("/setup/github")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class SetupController {
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
          + " frame-ancestors 'none'; form-action ";

  private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
  private final SetupLinks links;
  private final AppRegistrations registrations;

  SetupController(SetupLinks links, AppRegistrations registrations) {
    this.links = links;
    this.registrations = registrations;
  }

  @Get(uri = "/{key}", produces = MediaType.TEXT_HTML)
  HttpResponse<String> page(
      @PathVariable String key, @Nullable @QueryValue("organization") String organization) {
    Optional<SetupLinks.Opened> opened = links.open(key);
    return opened.isPresent()
        ? page(key, opened.get(), organization)
        : result(HttpStatus.NOT_FOUND, unknown());
  }

  private HttpResponse<String> page(
      String key, SetupLinks.Opened opened, @Nullable String organization) {
    AppRegistration registration = registrations.of(opened.host());
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
                .form(Optional.of(owner).filter(name -> isGood && !name.isEmpty()), opened.state())
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
    Optional<String> host = Optional.ofNullable(state).flatMap(links::takeState);
    if (host.isEmpty()) {
      return result(HttpStatus.NOT_FOUND, tooLate());
    }
    AppRegistration registration = registrations.of(host.get());
    return switch (registration.register(code == null ? "" : code)) {
      case Registration.Registered registered -> {
        links.end();
        yield result(HttpStatus.OK, made(new AppSettings(registered, registration.settings())));
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
            + " POST /api/setup/github, and from a start with a GitHub host that has no credential.");
  }

  /** It may come of a page that was reloaded, too, and then the App is the one that is used. */
  private static SetupResultView tooLate() {
    return SetupResultView.failed(
        "No App is connected by this",
        "An App was made with this link before, a newer link was made meanwhile, or its hour is"
            + " over. If GitHub has made an App whose settings you do not have, delete it there."
            + " Then open the newest link; POST /api/setup/github makes one.");
  }

  private static SetupResultView made(AppSettings settings) {
    Registration.Registered app = settings.app();
    GithubSettingNames names = settings.names();
    String lines = settings.text();
    return new SetupResultView(
        app.name() + " is made",
        app.webhookSecret().isPresent()
            ? "GitHub signs its deliveries with a secret of its own, which is among the settings: keep yours as %s while other webhooks have it."
                .formatted(names.webhookSecretPrevious())
            : "It signs its deliveries with the %s that is set already."
                .formatted(names.webhookSecret()),
        lines,
        "data:application/octet-stream;base64,"
            + Base64.getEncoder().encodeToString(lines.getBytes(StandardCharsets.UTF_8)),
        settings.fileName(),
        settings.use(),
        app.installAt().map(URI::toString).orElse(null));
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
