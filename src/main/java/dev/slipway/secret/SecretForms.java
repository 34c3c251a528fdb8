package dev.slipway.secret;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ways in which a secret turns up in a log. */
final class SecretForms {
  private static final int SHORTEST_LINE = 8;
  private static final int[] WRAPS = {64, 76};

  // Characters left unencoded by RFC 3986, by JavaScript's encodeURIComponent, by its encodeURI,
  // and by HTML forms.
  private static final String[] URL_SAFE = {"-._~", "-._~!'()*", "-._~!'()*;/?:@&=+$,#", "-._*"};

  // Characters left unquoted by bash's printf %q and its like
  private static final String SHELL_SAFE = "_@%+=:,./-";

  // A token: long, without blanks, and with digits among its letters
  private static final Pattern TOKEN =
      Pattern.compile("(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_.+/=~-]{20,}");

  private static final Pattern ESCAPE = Pattern.compile("%[0-9A-F]{2}");
  private static final Pattern SECRET_PARAMETER =
      Pattern.compile("(?i)[?&][^=&]*(?:key|token|secret|pass|sig)[^=&]*=([^&#]+)");

  private final Set<String> forms = new HashSet<>();
  private final Set<String> breakable = new HashSet<>();

  private SecretForms() {}

  static SecretForms of(String value) {
    SecretForms forms = new SecretForms();
    for (String part : parts(value)) {
      forms.addAll(part);
    }
    return forms;
  }

  /** Every form of the value, each of at least four characters. */
  Set<String> whole() {
    return forms;
  }

  /** The forms that tools break up: into lines, groups and columns. */
  Set<String> breakable() {
    return breakable;
  }

  /** The value, and those of its parts that give it away alone. */
  private static Set<String> parts(String value) {
    Set<String> parts = new LinkedHashSet<>();
    parts.add(value);
    parts.add(value.strip());
    value
        .lines()
        .map(String::strip)
        .filter(line -> line.length() >= SHORTEST_LINE)
        .forEach(parts::add);
    addPartsOfUrl(value.strip().replaceFirst("^jdbc:", ""), parts);
    return parts;
  }

  private static void addPartsOfUrl(String value, Set<String> parts) {
    URI url;
    try {
      url = new URI(value);
    } catch (URISyntaxException notAnUrl) {
      return;
    }
    String authority = url.getRawAuthority();
    if (authority == null) {
      return;
    }
    int login = authority.lastIndexOf('@');
    if (login > 0) {
      addRawAndDecoded(authority.substring(0, login).replaceFirst("^[^:]*:", ""), parts);
    }
    String query = url.getRawQuery();
    String path = url.getRawPath() + (query == null ? "" : "?" + query);
    // A path beside a password names a place, such as a database, and is no secret.
    if (path.length() >= SHORTEST_LINE && (query != null || login < 0)) {
      parts.add(path);
    }
    Matcher parameter = SECRET_PARAMETER.matcher(path);
    while (parameter.find()) {
      addRawAndDecoded(parameter.group(1), parts);
    }
  }

  private static void addRawAndDecoded(String raw, Set<String> parts) {
    parts.add(raw);
    parts.add(URLDecoder.decode(raw, StandardCharsets.UTF_8));
  }

  private void addAll(String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    add(part);
    add(part.replace("'", "'\\''"));
    add(backslashed(part));
    for (String safe : URL_SAFE) {
      addUrlEncoded(bytes, safe);
    }
    for (String base64 : base64(bytes)) {
      addBreakable(base64);
      addBreakable(base64.replace('+', '-').replace('/', '_'));
    }
    addJsonEscaped(part);
    add(quotedPrintable(bytes));
    addBreakable(HexFormat.of().formatHex(bytes));
    addBreakable(HexFormat.of().withUpperCase().formatHex(bytes));
    if (TOKEN.matcher(part).matches()) {
      breakable.add(part);
    }
  }

  private void addBreakable(String form) {
    add(form);
    breakable.add(form);
  }

  /** As {@code printf %q} writes it. */
  private static String backslashed(String part) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c < 0x80 && !isAsciiLetterOrDigit(c) && SHELL_SAFE.indexOf(c) < 0) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  /** As mail and some loggers write it. */
  private static String quotedPrintable(byte[] bytes) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      if (c >= ' ' && c <= '~' && c != '=') {
        encoded.append(c);
      } else {
        encoded.append('=').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return encoded.toString();
  }

  private void add(String form) {
    if (form.length() >= Redactor.SHORTEST) {
      forms.add(form);
    }
  }

  private void addUrlEncoded(byte[] bytes, String safe) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      if (isAsciiLetterOrDigit(c) || safe.indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    String upper = encoded.toString();
    String lower = ESCAPE.matcher(upper).replaceAll(hex -> hex.group().toLowerCase(Locale.ROOT));
    for (String form : new String[] {upper, lower}) {
      String plus = form.replace("%20", "+");
      add(form);
      add(plus);
      // Once more, as an address within an address
      add(form.replace("%", "%25"));
      add(plus.replace("%", "%25").replace("+", "%2B"));
    }
  }

  private static boolean isAsciiLetterOrDigit(char c) {
    return c < 0x80 && Character.isLetterOrDigit(c);
  }

  /**
   * The value in standard base64: alone, wrapped by a tool, and inside something longer, where it
   * starts at one of three alignments and its first and last characters may mix with neighbours.
   */
  private static Set<String> base64(byte[] bytes) {
    Set<String> all = new HashSet<>();
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      String text = Base64.getEncoder().encodeToString(shifted);
      int own = (before * 8 + 5) / 6;
      all.add(text.substring(own, shifted.length * 8 / 6));
      all.add(text.substring(own));
      all.add(text.substring(own).replace("=", ""));
    }
    String alone = Base64.getEncoder().encodeToString(bytes);
    for (int width : WRAPS) {
      for (int from = 0; alone.length() > width && from < alone.length(); from += width) {
        String line = alone.substring(from, Math.min(alone.length(), from + width));
        if (line.length() >= SHORTEST_LINE) {
          all.add(line);
        }
      }
    }
    return all;
  }

  /** As writers of JSON escape it: the least, with {@code \/}, safe for HTML, and in ASCII. */
  private void addJsonEscaped(String part) {
    for (boolean slash : new boolean[] {false, true}) {
      for (String html : new String[] {"", "<>&", "<>&'="}) {
        for (boolean ascii : new boolean[] {false, true}) {
          add(jsonEscaped(part, slash, html, ascii));
        }
      }
    }
  }

  private static String jsonEscaped(String part, boolean slash, String html, boolean ascii) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      switch (c) {
        case '"', '\\' -> escaped.append('\\').append(c);
        case '/' -> escaped.append(slash ? "\\/" : "/");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (c < ' ' || html.indexOf(c) >= 0 || (ascii && c > '~')) {
            escaped.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }
}
