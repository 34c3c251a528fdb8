package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.model.CleanText;
import dev.slipway.process.ProgramVersion;
import dev.slipway.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Calls the API of a server for a command. The token comes from {@code SLIPWAY_API_TOKEN} or the
 * file that {@code SLIPWAY_API_TOKEN_FILE} names, never from the command line, which others can
 * read. Prints why, where the server refuses or is not reached.
 */
final class ApiClient {
  /** Exit code when no server was reached, or it is not known whether it acted. */
  static final int NOT_REACHED = 3;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String TOKEN = "SLIPWAY_API_TOKEN";
  private static final String ACTOR = "Slipway-Actor";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final CommandContext context;

  ApiClient(CommandContext context) {
    this.context = context;
  }

  private record Server(URI base, Secret token) {}

  /**
   * A request to the server: GET without a body, or else POST with JSON text.
   *
   * @param key under which it is done once, however often it is sent; null where there is none
   */
  record Request(String path, @Nullable String body, @Nullable String key) {
    static Request get(String path) {
      return new Request(path, null, null);
    }

    static Request post(String path, String body) {
      return new Request(path, body, null);
    }

    static Request postOnce(String path, String body, String key) {
      return new Request(path, body, key);
    }

    Call to(URI address) {
      Call call = body == null ? Call.get(address) : Call.postJson(address, body);
      return key == null ? call : call.with("Idempotency-Key", key);
    }

    /** What to do when no answer came, as the end of a sentence. */
    String afterSilence() {
      if (key != null) {
        return ": it may be done or not; the same with --key %s does it once".formatted(key);
      }
      return body == null ? "" : ": it may be done or not, so look before you do it again";
    }
  }

  /**
   * Sends the request and shows its answer.
   *
   * @param url of the server; null for the one that the configuration of this folder starts
   * @param show prints an answer that says yes
   * @return the exit code of the command
   */
  int send(@Nullable String url, Request request, Consumer<JsonNode> show)
      throws InterruptedException {
    if (url == null) {
      return context.withConfiguration(configuration -> sendToLocal(configuration, request, show));
    }
    Optional<URI> base = base(url);
    if (base.isEmpty()) {
      context
          .err()
          .println(
              "--url is \"%s\"; write the address of the server, such as https://deploy.example.com"
                  .formatted(url));
      return CommandContext.WRONG_USAGE;
    }
    Optional<Secret> token = token();
    return token.isPresent()
        ? send(new Server(base.get(), token.get()), request, show)
        : CommandContext.WRONG_USAGE;
  }

  private int sendToLocal(Configuration configuration, Request request, Consumer<JsonNode> show)
      throws InterruptedException {
    Secret token = configuration.access().apiToken();
    if (token == null) {
      return missingToken();
    }
    URI base =
        LocalAddress.of(
            configuration.server().bind(), Integer.toString(configuration.server().port()));
    return send(new Server(base, token), request, show);
  }

  private static Optional<URI> base(String url) {
    try {
      URI uri = new URI(url.endsWith("/") ? url : url + "/");
      boolean isServer =
          ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()))
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      return isServer ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private Optional<Secret> token() {
    String value = context.variable(TOKEN, "").strip();
    String file = context.variable(TOKEN + "_FILE", "");
    if (!value.isEmpty()) {
      return Optional.of(new Secret(value));
    }
    if (file.isEmpty()) {
      int _ = missingToken();
      return Optional.empty();
    }
    try {
      String kept = Files.readString(context.folder().resolve(file)).strip();
      if (!kept.isEmpty()) {
        return Optional.of(new Secret(kept));
      }
      context.err().println(TOKEN + "_FILE names " + file + ", which is empty");
    } catch (IOException | InvalidPathException e) {
      context.err().println(TOKEN + "_FILE names " + file + ", which cannot be read");
    }
    return Optional.empty();
  }

  private int missingToken() {
    context
        .err()
        .println(
            "SLIPWAY_API_TOKEN is not set: set it, or SLIPWAY_API_TOKEN_FILE, to a token of the"
                + " server; \"tokens create\" makes one");
    return CommandContext.WRONG_USAGE;
  }

  private int send(Server server, Request request, Consumer<JsonNode> show)
      throws InterruptedException {
    URI address = server.base().resolve(request.path());
    try (Http http = new Http(TIMEOUT, ProgramVersion.userAgent())) {
      return report(
          address,
          http.send(
              request
                  .to(address)
                  .with("Authorization", "Bearer " + server.token().reveal())
                  .with(ACTOR, context.user().replaceAll("[^\\x20-\\x7e]", "?"))),
          request,
          show);
    }
  }

  private int report(URI address, Reply reply, Request request, Consumer<JsonNode> show) {
    return switch (reply) {
      case Reply.Answered answered when answered.isSuccess() && answered.json().isObject() -> {
        show.accept(shown(answered.json()));
        yield 0;
      }
      case Reply.Answered answered when answered.isSuccess() -> {
        context.err().println("What answers at " + address + " is no Slipway");
        yield NOT_REACHED;
      }
      case Reply.Answered answered -> {
        context
            .err()
            .println(
                "%d %s"
                    .formatted(
                        answered.status(),
                        shown(answered.json().path("detail")).asString("from " + address)));
        yield 1;
      }
      case Reply.NotSent(String reason, _) -> {
        context.err().println("No Slipway was reached at %s: %s".formatted(address, reason));
        yield NOT_REACHED;
      }
      case Reply.Unanswered(String reason) -> {
        context
            .err()
            .println(
                "No answer came from %s (%s)%s".formatted(address, reason, request.afterSilence()));
        yield NOT_REACHED;
      }
    };
  }

  /** With each text on one line: what others wrote cannot change what the terminal shows. */
  private static JsonNode shown(JsonNode json) {
    return switch (json) {
      case ObjectNode object -> {
        ObjectNode copy = NODES.objectNode();
        object.forEachEntry((name, value) -> copy.set(name, shown(value)));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = NODES.arrayNode();
        array.forEach(value -> copy.add(shown(value)));
        yield copy;
      }
      case StringNode text -> NODES.stringNode(CleanText.line(text.stringValue()));
      default -> json;
    };
  }
}
