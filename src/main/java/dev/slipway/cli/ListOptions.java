package dev.slipway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.net.URLEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The options of commands that list a part of what a server has. */
final class ListOptions {
  @Option(names = "--limit", paramLabel = "N", description = "So many at the most (50; to 200).")
  private @Nullable String limit;

  @Option(names = "--before", paramLabel = "ID", description = "Go on where the list before ended.")
  private @Nullable String before;

  /** Adds a parameter to a query, if it was given. */
  static void add(List<String> query, String name, @Nullable String value) {
    if (value != null) {
      query.add(name + "=" + URLEncoder.encode(value, UTF_8));
    }
  }

  /** The request for the list with these parameters and those of the options. */
  ApiClient.Request request(String path, List<String> query) {
    add(query, "limit", limit);
    add(query, "before", before);
    return ApiClient.Request.get(query.isEmpty() ? path : path + "?" + String.join("&", query));
  }

  /** Says how to go on, where there is more. */
  void printNext(PrintStream out, JsonNode page) {
    if (page.has("next")) {
      out.println("There may be more: --before " + page.path("next").asString());
    }
  }
}
