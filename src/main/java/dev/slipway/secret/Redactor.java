package dev.slipway.secret;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces secrets in text by {@code ***}. A secret is found by its value, in every encoding that
 * {@link SecretForms} knows, also in pieces. Well-known tokens, logins in addresses, private keys,
 * {@code Authorization} headers and keys of Render hooks are found by their shape, without being
 * configured. Safe for use by many threads.
 */
public final class Redactor {
  /** The text in place of a secret. */
  public static final String MASK = "***";

  /** Shorter secrets are found everywhere: hiding them by value would shred every log. */
  public static final int SHORTEST = 4;

  /** Of secrets that come up later so many are kept in mind, the newest. */
  private static final int LATER = 64;

  private static final int LOOK_AHEAD = 4 * 1024;

  private static final String SET_TO = "[\\\\\"']{0,4}\\s{0,8}[:=]\\s{0,8}[\\\\\"']{0,4}";

  private static final String AUTHORIZATION =
      "(?i)authorization" + SET_TO + "(?:bearer|token|basic)\\s{1,8}([^\\s\"'\\\\,;\\]]++)";

  private static final String KEY_HEADER =
      "(?i)[px](?:-api-key|rivate-token|-auth-token|-vault-token)"
          + SET_TO
          + "([^\\s\"'\\\\,;\\]]++)";

  private static final String LOGIN =
      "://(?:[^\\s/?#@:\"'<>]{0,128}:([^\\s/?#@\"'<>]{1,512})|([^\\s/?#@:\"'<>]{20,256}))@";

  private static final String WEB_TOKEN =
      "eyJ[A-Za-z0-9_-]{8,}+\\.eyJ[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+";

  // Group 1, or else 2, is the part to hide where there is one. No part repeats without a bound on
  // where it may start, so that hostile output cannot make the search slow.
  private static final List<Shape> SHAPES =
      List.of(
          new Shape("gh", "gh[pousr]_[A-Za-z0-9._-]{36,}+|github_pat_[A-Za-z0-9_]{20,}+"),
          new Shape("rnd_", "rnd_[A-Za-z0-9]{16,}+"),
          new Shape("qov_", "qov_[A-Za-z0-9_-]{16,}+"),
          new Shape("slp_", "slp_[A-Za-z0-9_-]{43,}+"),
          new Shape("glpat-", "glpat-[A-Za-z0-9_-]{20,}+"),
          new Shape("npm_", "npm_[A-Za-z0-9]{36,}+"),
          new Shape("k_live_", "[rs]k_live_[A-Za-z0-9]{16,}+"),
          new Shape("xox", "xox[abeprs]-[A-Za-z0-9-]{10,}+"),
          new Shape("IA", "(?<![A-Z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Z0-9])"),
          new Shape("eyJ", WEB_TOKEN),
          new Shape("://", LOGIN),
          new Shape("PRIVATE KEY", PrivateKeyFilter.BEGIN + "([^-]++)"),
          new Shape(new Word("authorization", 'z'), AUTHORIZATION),
          new Shape(new Word("-key", '-'), KEY_HEADER),
          new Shape(new Word("-token", '-'), KEY_HEADER),
          new Shape(
              "/deploy/",
              "/deploy/[a-z]{3}-[a-z0-9]{1,64}\\?[^\\s\"'<>]{0,512}?\\bkey=([^&\\s\"'<>\\\\]++)"));

  private final MultiPatternSearch needles;
  private final FragmentFinder fragments;
  private final List<Secret> tooShort;
  private final SequencedMap<Secret, Set<String>> later = new LinkedHashMap<>();
  private volatile MultiPatternSearch laterNeedles = new MultiPatternSearch(Set.of());

  public Redactor(Collection<Secret> secrets) {
    Set<String> whole = new HashSet<>();
    Set<String> breakable = new HashSet<>();
    List<Secret> tooShort = new ArrayList<>();
    for (Secret secret : secrets) {
      if (secret.reveal().strip().length() < SHORTEST) {
        tooShort.add(secret);
      } else {
        SecretForms forms = SecretForms.of(secret.reveal());
        whole.addAll(forms.whole());
        breakable.addAll(forms.breakable());
      }
    }
    this.needles = new MultiPatternSearch(whole);
    this.fragments = new FragmentFinder(breakable);
    this.tooShort = List.copyOf(tooShort);
  }

  /**
   * A text that may be shown.
   *
   * @param hidden how many values were replaced in it
   */
  public record Redacted(String text, int hidden) {}

  /**
   * Hides a secret that was not known before, such as a token that GitHub has just given. The
   * newest 64 of these are hidden, whole and in every encoding, but not in pieces.
   */
  public synchronized void hide(Secret secret) {
    if (secret.reveal().length() < SHORTEST || later.containsKey(secret)) {
      return;
    }
    later.put(secret, SecretForms.of(secret.reveal()).whole());
    if (later.size() > LATER) {
      later.pollFirstEntry();
    }
    Set<String> all = new HashSet<>();
    later.values().forEach(all::addAll);
    laterNeedles = new MultiPatternSearch(all);
  }

  /** The text without secrets. */
  public Redacted redact(String text) {
    List<TextSpan> spans = find(text);
    if (spans.isEmpty()) {
      return new Redacted(text, 0);
    }
    StringBuilder safe = new StringBuilder(text.length());
    int shown = 0;
    for (TextSpan span : spans) {
      safe.append(text, shown, span.from()).append(MASK);
      shown = span.to();
    }
    return new Redacted(safe.append(text, shown, text.length()).toString(), spans.size());
  }

  /**
   * The first so many characters of a text, or one less, without secrets. One that lies across the
   * end is hidden whole, as far as {@link #lookAhead} reaches; nothing behind that is looked at.
   */
  public String beginning(String text, int length) {
    if (text.length() <= length) {
      return redact(text).text();
    }
    String window = text.substring(0, Math.min(text.length(), length + lookAhead()));
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    StringBuilder safe = new StringBuilder(length);
    int shown = 0;
    for (TextSpan span : find(window)) {
      if (span.from() < end) {
        safe.append(window, shown, span.from()).append(MASK);
        shown = span.to();
      }
    }
    return safe.append(window, Math.min(shown, end), end).toString();
  }

  /** Where the secrets are: in order, without overlaps. */
  public List<TextSpan> find(String text) {
    List<TextSpan> found = needles.find(text);
    MultiPatternSearch known = laterNeedles;
    if (known.longest() > 0) {
      found.addAll(known.find(text));
    }
    fragments.find(text, found);
    for (Shape shape : SHAPES) {
      shape.find(text, found);
    }
    return found.size() < 2 ? found : merged(found);
  }

  /**
   * How far to look behind a cut, so that a secret which lies across it is found: as far as the
   * longest form of a secret that is known by its value. Those that are known only by their shape
   * have no longest length.
   */
  public int lookAhead() {
    return Math.max(longest(), LOOK_AHEAD);
  }

  /** The length of the longest form of a secret. */
  int longest() {
    return Math.max(needles.longest(), laterNeedles.longest());
  }

  /** The secrets that are not hidden, because they have fewer than {@link #SHORTEST} characters. */
  public List<Secret> tooShort() {
    return tooShort;
  }

  private static List<TextSpan> merged(List<TextSpan> found) {
    found.sort(Comparator.comparingInt(TextSpan::from));
    List<TextSpan> merged = new ArrayList<>();
    TextSpan last = found.getFirst();
    for (TextSpan span : found.subList(1, found.size())) {
      if (span.from() < last.to()) {
        last = new TextSpan(last.from(), Math.max(last.to(), span.to()));
      } else {
        merged.add(last);
        last = span;
      }
    }
    merged.add(last);
    return merged;
  }

  /** A text that every match of a shape contains: searching for it first costs almost nothing. */
  private sealed interface Anchor permits RedactedText, Word {
    boolean isIn(String text);
  }

  private record RedactedText(String text) implements Anchor {
    @Override
    public boolean isIn(String whole) {
      return whole.contains(text);
    }
  }

  /**
   * In capital letters or not.
   *
   * @param rare one of its characters, of which most texts have few
   */
  private record Word(String word, char rare) implements Anchor {
    @Override
    public boolean isIn(String text) {
      char capital = Character.toUpperCase(rare);
      return isIn(text, rare) || (capital != rare && isIn(text, capital));
    }

    private boolean isIn(String text, char rareNow) {
      int before = word.indexOf(rare);
      int at = text.indexOf(rareNow);
      while (at >= 0 && !text.regionMatches(true, at - before, word, 0, word.length())) {
        at = text.indexOf(rareNow, at + 1);
      }
      return at >= 0;
    }
  }

  private record Shape(Anchor anchor, Pattern pattern) {
    Shape(String anchor, String regex) {
      this(new RedactedText(anchor), regex);
    }

    Shape(Anchor anchor, String regex) {
      this(anchor, Pattern.compile(regex));
    }

    void find(String text, List<TextSpan> found) {
      if (!anchor.isIn(text)) {
        return;
      }
      Matcher matcher = pattern.matcher(text);
      while (matcher.find()) {
        int group = matcher.groupCount();
        while (group > 0 && matcher.start(group) < 0) {
          group--;
        }
        found.add(new TextSpan(matcher.start(group), matcher.end(group)));
      }
    }
  }
}
