package dev.slipway.fakes;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Answers each request by the first route that matches it. */
final class RequestRouter {
  private record Entry(String method, Pattern path, Route route) {}

  private final List<Entry> entries = new ArrayList<>();

  /** Answers the requests of one template. */
  interface Route {
    /**
     * Answers a request.
     *
     * @param parts the parts of the path in the places of the asterisks
     */
    FakeResponse answer(FakeRequest request, List<String> parts);
  }

  /**
   * @param template a path in which an asterisk stands for one part of it
   */
  RequestRouter on(String method, String template, Route route) {
    String path = "\\Q" + template.replace("*", "\\E([^/]+)\\Q") + "\\E";
    entries.add(new Entry(method, Pattern.compile(path), route));
    return this;
  }

  FakeResponse answer(FakeRequest request) {
    for (Entry entry : entries) {
      Matcher matcher = entry.path().matcher(request.uri().getPath());
      if (entry.method().equals(request.method()) && matcher.matches()) {
        return entry.route().answer(request, parts(matcher));
      }
    }
    return FakeResponse.json(
        404, JsonBodies.object().put("message", "Not Found").put("status", "404"));
  }

  private static List<String> parts(MatchResult match) {
    return IntStream.rangeClosed(1, match.groupCount()).mapToObj(match::group).toList();
  }
}
