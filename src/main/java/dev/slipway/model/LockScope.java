package dev.slipway.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a lock is about. A part that is empty stands for all: without environment a whole
 * repository, without any part everything.
 *
 * @param host a GitHub host
 * @param repository {@code owner/name}
 */
public record LockScope(String host, String repository, String environment) {
  /** Everything. */
  public static final LockScope EVERYTHING = new LockScope("", "", "");

  private static final Pattern PLAIN = Pattern.compile("[\\w./@:+-]+");

  /** The scope for people: {@code production of octo-org/web}. */
  public String description() {
    String where = repository.isEmpty() ? "all repositories" : repository;
    return (environment.isEmpty() ? where : environment + " of " + where)
        + (host.isEmpty() ? "" : " on " + host);
  }

  /** The words that name this scope to {@code slipway lock} and {@code unlock}. */
  String arguments() {
    List<String> words = new ArrayList<>();
    if (!environment.isEmpty()) {
      words.add(quoted(environment));
    }
    if (!repository.isEmpty()) {
      words.add("--repository " + quoted(repository));
    }
    if (!host.isEmpty()) {
      words.add("--host " + quoted(host));
    }
    return String.join(" ", words);
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
