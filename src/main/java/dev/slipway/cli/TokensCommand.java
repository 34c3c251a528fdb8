package dev.slipway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Caller;
import dev.slipway.model.Digest;
import dev.slipway.model.Scope;
import dev.slipway.secret.ApiTokenFormat;
import dev.slipway.secret.Secret;
import dev.slipway.store.ApiTokens;
import dev.slipway.store.StoreException;
import dev.slipway.time.SystemTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes, lists and revokes tokens of the API, in the database of a server that may run. */
@Command(
    name = "tokens",
    description = "Make, list and revoke tokens of the API.",
    synopsisSubcommandLabel = "COMMAND")
final class TokensCommand {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern REPOSITORY = Pattern.compile("[\\w.*-]{1,100}/[\\w.*-]{1,100}");

  /** The name that the token of the configuration has. */
  private static final String TAKEN = "SLIPWAY_API_TOKEN";

  private final CommandContext context;

  TokensCommand(CommandContext context) {
    this.context = context;
  }

  @Command(
      name = "create",
      abbreviateSynopsis = true,
      description = "Make a token and print it, this once.")
  int create(
      @Parameters(
              paramLabel = "NAME",
              description = "What the token is known by: letters, digits, dots, - and _.")
          String name,
      @Option(
              names = "--scope",
              paramLabel = "SCOPE",
              split = ",",
              required = true,
              description = "What it is for: read, deploy, control, admin (all of them).")
          List<String> scopes,
      @Option(
              names = "--repository",
              paramLabel = "PATTERN",
              split = ",",
              description = "Only for these repositories, such as octo-org/*. Without: for all.")
          @Nullable List<String> repositories)
      throws InterruptedException {
    List<String> patterns = repositories == null ? List.of() : repositories;
    List<String> problems = problems(name, scopes, patterns);
    if (!problems.isEmpty()) {
      problems.forEach(context.err()::println);
      return CommandContext.WRONG_USAGE;
    }
    Set<Scope> known = EnumSet.noneOf(Scope.class);
    scopes.stream().map(Scope::of).flatMap(Optional::stream).forEach(known::add);
    return withTokens(tokens -> create(tokens, new Caller(name, known, patterns)));
  }

  private static List<String> problems(
      String name, List<String> scopes, List<String> repositories) {
    List<String> problems = new ArrayList<>();
    if (!NAME.matcher(name).matches() || name.toUpperCase(Locale.ROOT).equals(TAKEN)) {
      problems.add(
          "\"%s\" cannot be the name of a token: use up to 64 letters, digits, dots, - and _, and not %s"
              .formatted(name, TAKEN));
    }
    scopes.stream()
        .filter(scope -> Scope.of(scope).isEmpty())
        .forEach(
            scope ->
                problems.add(
                    "\"%s\" is no scope: use %s".formatted(scope, codes(List.of(Scope.values())))));
    repositories.stream()
        .filter(pattern -> !REPOSITORY.matcher(pattern).matches())
        .forEach(
            pattern ->
                problems.add(
                    "\"%s\" is no pattern of repositories: write owner/name, where * stands for any text"
                        .formatted(pattern)));
    return problems;
  }

  private int create(ApiTokens tokens, Caller caller) {
    Secret token = ApiTokenFormat.random();
    String rights = rights(caller);
    if (!tokens.create(
        caller,
        Digest.of(token.reveal().getBytes(UTF_8)),
        entry(AuditEntry.Action.CREATE_TOKEN, caller.name(), rights))) {
      context
          .err()
          .println(
              "There is or was a token %s already: choose another name".formatted(caller.name()));
      return 1;
    }
    context.out().println(token.reveal());
    context
        .err()
        .println(
            "This is token %s (%s). It is shown this once: keep it now."
                .formatted(caller.name(), rights));
    return 0;
  }

  @Command(name = "list", description = "List all tokens, also those that were revoked.")
  int list() throws InterruptedException {
    return withTokens(tokens -> print(tokens.list()));
  }

  private int print(List<ApiTokens.Token> all) {
    if (all.isEmpty()) {
      context.out().println("There are no tokens but SLIPWAY_API_TOKEN, where it is set.");
    }
    for (ApiTokens.Token token : all) {
      context
          .out()
          .printf(
              "%s: %s; made %s, %s%n",
              token.caller().name(), rights(token.caller()), token.createdAt(), use(token));
    }
    return 0;
  }

  private static String use(ApiTokens.Token token) {
    if (token.revokedAt() != null) {
      return "revoked " + token.revokedAt();
    }
    return token.lastUsedAt() == null ? "never used" : "last used " + token.lastUsedAt();
  }

  @Command(name = "revoke", description = "Make a token stop working, for good.")
  int revoke(@Parameters(paramLabel = "NAME", description = "The name of the token.") String name)
      throws InterruptedException {
    return withTokens(
        tokens -> {
          if (tokens.revoke(name, entry(AuditEntry.Action.REVOKE_TOKEN, name, ""))) {
            context.out().println("Token " + name + " is revoked and works no more.");
            return 0;
          }
          context.err().println("There is no token " + name + " that works; see: tokens list");
          return 1;
        });
  }

  private AuditEntry entry(AuditEntry.Action action, String name, String rights) {
    return new AuditEntry(
        now(),
        new Actor(context.user(), Actor.Via.CLI),
        action,
        null,
        "",
        rights.isEmpty() ? "token " + name : "token " + name + " (" + rights + ")",
        "");
  }

  private static Instant now() {
    return new SystemTime().instant();
  }

  private static String rights(Caller caller) {
    return codes(caller.scopes())
        + " for "
        + (caller.isRestricted() ? String.join(", ", caller.repositories()) : "all repositories");
  }

  private static String codes(Collection<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::code).collect(Collectors.joining(", "));
  }

  private int withTokens(ToIntFunction<ApiTokens> action) throws InterruptedException {
    return context.withConfiguration(
        configuration -> {
          try {
            return action.applyAsInt(
                ApiTokens.beside(
                    configuration.storage().databaseUrl(), configuration.storage().login()));
          } catch (StoreException e) {
            context.err().println(e.getMessage());
            return 1;
          }
        });
  }
}
