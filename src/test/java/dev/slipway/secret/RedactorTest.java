package dev.slipway.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.secret.Redactor.Redacted;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
  private static final String PASSWORD = "p\"ss/w+rd <é> 'x'&\\~*";

  @Test
  void hides_a_plain_secret_and_counts_it() {
    assertThat(redactor("hunter22").redact("login hunter22, again: hunter22hunter22."))
        .isEqualTo(new Redacted("login ***, again: ******.", 3));
  }

  @Test
  void hides_a_secret_that_lies_across_the_end_of_a_beginning() {
    Redactor redactor = redactor("hunter22");
    String token = "ghp_" + "a".repeat(36);

    assertThat(redactor.beginning("as hunter22", 20)).isEqualTo("as ***");
    assertThat(redactor.beginning("as hunter22, so", 4)).isEqualTo("as ***");
    assertThat(redactor.beginning("as hunter22, so", 11)).isEqualTo("as ***");
    assertThat(redactor.beginning("as hunter22, so", 13)).isEqualTo("as ***, ");
    assertThat(redactor.beginning("hunter22 " + token, 12)).isEqualTo("*** ***");
    assertThat(redactor.beginning("as hunter22", 3)).isEqualTo("as ");
    assertThat(redactor.beginning("as 👩", 4)).isEqualTo("as ");
  }

  @Test
  void hides_a_secret_that_comes_up_later_in_every_encoding() {
    Redactor redactor = redactor("hunter22");
    assertThat(redactor.redact("v1.0123456789abcdef").hidden()).isZero();

    redactor.hide(new Secret("v1.0123456789abcdef"));
    redactor.hide(new Secret("v1.another-one-of-githubs"));
    redactor.hide(new Secret("x"));

    assertThat(redactor.redact("hunter22 v1.0123456789abcdef x v1.another-one-of-githubs").text())
        .isEqualTo("*** *** x ***");
    assertThat(
            redactor
                .redact(
                    Base64.getEncoder()
                        .encodeToString("v1.0123456789abcdef".getBytes(StandardCharsets.UTF_8)))
                .text())
        .isEqualTo("***");
    assertThat(redactor.longest()).isGreaterThan("v1.another-one-of-githubs".length());
  }

  @Test
  void keeps_only_the_newest_of_many_secrets_that_come_up_later() {
    Redactor redactor = redactor("hunter22");
    for (int i = 1000; i < 1100; i++) {
      redactor.hide(new Secret("v1.0123456789abcdef-" + i));
    }

    assertThat(redactor.redact("v1.0123456789abcdef-1099").text()).isEqualTo("***");
    assertThat(redactor.redact("v1.0123456789abcdef-1036").text()).isEqualTo("***");
    assertThat(redactor.redact("v1.0123456789abcdef-1035").hidden()).isZero();
  }

  @Test
  void leaves_text_without_secrets_alone() {
    String text = "nothing hunter2 to see";

    assertThat(redactor("hunter22").redact(text)).isEqualTo(new Redacted(text, 0));
  }

  @Test
  void the_longest_secret_wins_and_overlapping_ones_go_together() {
    Redactor redactor = redactor("abcdef", "abcdefgh", "ghijkl");

    assertThat(redactor.redact("-abcdefgh-abcdefghijkl-").text()).isEqualTo("-***-***-");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p%22ss%2Fw%2Brd%20%3C%C3%A9%3E%20%27x%27%26%5C~%2A",
        "p%22ss%2fw%2brd%20%3c%c3%a9%3e%20%27x%27%26%5c~%2a",
        "p%22ss%2Fw%2Brd%20%3C%C3%A9%3E%20'x'%26%5C~*",
        "p%22ss/w+rd%20%3C%C3%A9%3E%20'x'&%5C~*",
        "p%22ss%2fw%2brd+%3c%c3%a9%3e+%27x%27%26%5c%7e*",
        "p\\\"ss/w+rd <é> 'x'&\\\\~*",
        "p\\\"ss\\/w+rd <\\u00e9> 'x'&\\\\~*",
        "p\\\"ss/w+rd \\u003cé\\u003e 'x'\\u0026\\\\~*",
        "p\\\"ss/w+rd \\u003c\\u00e9\\u003e \\u0027x\\u0027\\u0026\\\\~*",
        "p\"ss/w+rd <é> '\\''x'\\''&\\~*",
        "p\\\"ss/w+rd\\ \\<é\\>\\ \\'x\\'\\&\\\\\\~\\*",
        "p\"ss/w+rd <=C3=A9> 'x'&\\~*",
        "p%2522ss%252Fw%252Brd%2520%253C%25C3%25A9%253E%2520%2527x%2527%2526%255C~%252A",
        "p%2522ss%252fw%252brd%2B%253c%25c3%25a9%253e%2B%2527x%2527%2526%255c%257e*",
        "702273732f772b7264203cc3a93e20277827265c7e2a",
        "702273732F772B7264203CC3A93E20277827265C7E2A",
      })
  void hides_what_programs_make_of_a_secret(String form) {
    assertThat(redactor(PASSWORD).redact("x=" + form + ";").text()).isEqualTo("x=***;");
  }

  @Test
  void encodings_made_by_the_platform_are_hidden_whole() {
    byte[] bytes = PASSWORD.getBytes(StandardCharsets.UTF_8);
    for (String form :
        List.of(
            URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8),
            Base64.getEncoder().encodeToString(bytes),
            Base64.getUrlEncoder().encodeToString(bytes),
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            HexFormat.of().formatHex(bytes))) {
      assertThat(redactor(PASSWORD).redact("[" + form + "]")).isEqualTo(new Redacted("[***]", 1));
    }
  }

  @Test
  void base64_of_something_longer_gives_away_at_most_a_character_at_each_end() {
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      String secret = text(random, 4 + random.nextInt(40));
      byte[] whole =
          (text(random, random.nextInt(9)) + secret + text(random, random.nextInt(9)))
              .getBytes(StandardCharsets.UTF_8);
      for (Base64.Encoder encoder :
          List.of(
              Base64.getEncoder(),
              Base64.getUrlEncoder(),
              Base64.getUrlEncoder().withoutPadding())) {
        String encoded = encoder.encodeToString(whole);
        Redacted redacted = redactor(secret).redact(encoded);

        int shownCharacters = redacted.text().replace("***", "").replace("=", "").length();
        int neighbours = whole.length - secret.length();
        assertThat(redacted.text()).contains("***");
        assertThat(shownCharacters).isLessThanOrEqualTo(neighbours * 8 / 6 + 3);
      }
    }
  }

  @Test
  void a_login_of_basic_authentication_is_hidden_wherever_it_stands() {
    String login =
        Base64.getEncoder()
            .encodeToString("x-access-token:s3cr3t-value".getBytes(StandardCharsets.UTF_8));

    assertThat(redactor("s3cr3t-value").redact("extraheader=" + login).text())
        .isEqualTo("extraheader=eC1hY2Nlc3MtdG9rZW46***");
  }

  @Test
  void each_long_line_of_a_secret_is_hidden_alone() {
    Redactor redactor = redactor("-----BEGIN KEY-----\r\nabcdefgh12345678\r\nshort\r\n");

    assertThat(redactor.redact("key: abcdefgh12345678 short").text()).isEqualTo("key: *** short");
  }

  @Test
  void a_file_that_was_wrapped_into_base64_lines_is_hidden() {
    String key = text(new Random(2), 300) + "\n";
    for (int width : new int[] {64, 76}) {
      String wrapped =
          Base64.getMimeEncoder(width, new byte[] {'\n'})
              .encodeToString(key.getBytes(StandardCharsets.UTF_8));
      assertThat(wrapped.lines().map(line -> redactor(key).redact(line).text()))
          .hasSizeGreaterThan(4)
          .containsOnly("***");
    }
  }

  @Test
  void a_secret_read_from_a_file_is_hidden_without_its_newline() {
    assertThat(redactor(" token-of-a-file\n").redact("<token-of-a-file>").text())
        .isEqualTo("<***>");
  }

  @Test
  void a_hook_url_is_hidden_in_parts() {
    Redactor redactor = redactor("https://hooks.example.com/run/srv-1?branch=main&key=k%2Fe-y1");

    assertThat(redactor.redact("GET /run/srv-1?branch=main&key=k%2Fe-y1 HTTP/1.1").text())
        .isEqualTo("GET *** HTTP/1.1");
    assertThat(redactor.redact("key is k%2Fe-y1, that is k/e-y1, on main").text())
        .isEqualTo("key is ***, that is ***, on main");
  }

  @Test
  void the_password_of_a_database_url_is_hidden_and_its_name_is_not() {
    Redactor redactor = redactor("postgres://app:pa%21ss@db:5432/production");

    assertThat(redactor.redact("pa%21ss or pa!ss for app at /production").text())
        .isEqualTo("*** or *** for app at /production");
    assertThat(
            redactor("jdbc:postgresql://db/production?user=app&password=opensesame")
                .redact("app: opensesame")
                .text())
        .isEqualTo("app: ***");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clone https://x:ghp_0123456789abcdefghijABCDEFGHIJ012345@github.com | clone"
            + " https://x:***@github.com",
        "\\nghs_0123.456-89_abcdefghijABCDEFGHIJ012345.xyz, | \\n***,",
        "gho_0123456789abcdefghijABCDEFGHIJ012345 | ***",
        "github_pat_11ABCDEFG0123456789_abcdefghij! | ***!",
        "key rnd_abcDEF0123456789abcDEF | key ***",
        "curl -H 'Authorization: Bearer abc.def' x | curl -H 'Authorization: Bearer ***' x",
        "> authorization: token abc | > authorization: token ***",
        "{\\\"Authorization\\\":\\\"Basic dTpw==\\\"} | {\\\"Authorization\\\":\\\"Basic ***\\\"}",
        "POST https://api.render.com/deploy/srv-a1b2?key=xyz&ref=1 | POST"
            + " https://api.render.com/deploy/srv-a1b2?key=***&ref=1",
        "/deploy/srv-a1b2?ref=1&key=xyz | /deploy/srv-a1b2?ref=1&key=***",
        "ghp_tooshort rnd_uniform /deploy/srv-a1?monkey=1 | ghp_tooshort rnd_uniform"
            + " /deploy/srv-a1?monkey=1",
      })
  void hides_tokens_of_others_by_their_shape(String text, String redacted) {
    assertThat(redactor().redact(text).text()).isEqualTo(redacted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "remote https://me:hush-hush@git.example.com/x.git | remote"
            + " https://me:***@git.example.com/x.git",
        "pip https://0123456789abcdefghij@pypi.example.com/ | pip https://***@pypi.example.com/",
        "ssh://git@git.example.com/x | ssh://git@git.example.com/x",
        "see https://example.com/a:b@c | see https://example.com/a:b@c",
        "AWS AKIAIOSFODNN7EXAMPLE. | AWS ***.",
        "MAKIAVELLIANISMXXXXXX | MAKIAVELLIANISMXXXXXX",
        "Token qov_AbC123_456-789xyzAB! | Token ***!",
        "made slp_AbC123_456-789xyzABabcdefghijabcdefghijABCD! | made ***!",
        "curl -H 'X-Api-Key: abc.def' x | curl -H 'X-Api-Key: ***' x",
        "{\"private-token\":\"abc\"} | {\"private-token\":\"***\"}",
        "xoxb-123456789012-abcdef glpat-0123456789abcdefghij | *** ***",
        "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefgh_-12 x | jwt *** x",
        "key: -----BEGIN RSA PRIVATE KEY-----MIIEabc-----END RSA PRIVATE KEY----- | key: -----BEGIN"
            + " RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----MIIE | -----BEGIN PUBLIC KEY-----MIIE",
      })
  void hides_what_nobody_named_by_its_shape(String text, String redacted) {
    assertThat(redactor().redact(text).text()).isEqualTo(redacted);
  }

  @Test
  void base64_of_something_longer_is_hidden_however_it_is_wrapped() {
    String token = "tok_8fA3kLm9QzXw2Rb7Vn4CyT6uEs1Gd5Hj0";
    for (int before = 0; before < 40; before++) {
      byte[] file =
          ("{\"" + "u".repeat(before) + "\":\"" + token + "\"}\n").getBytes(StandardCharsets.UTF_8);
      for (int width : new int[] {60, 64, 76, 80}) {
        String wrapped =
            Base64.getMimeEncoder(width / 4 * 4, new byte[] {'\n'}).encodeToString(file);

        List<String> shown =
            wrapped.lines().map(redactor(token)::redact).map(Redacted::text).toList();

        assertThat(longestTold(shown, Base64.getEncoder().encodeToString(file), wrapped, token))
            .isLessThan(FragmentFinder.LENGTH);
      }
    }
  }

  /** How many characters of the secret's own base64 are left in a row, in any line. */
  private static int longestTold(List<String> shown, String whole, String wrapped, String token) {
    int from = 0;
    int longest = 0;
    Redactor alone = redactor(token);
    TextSpan hidden = alone.find(whole).getFirst();
    List<String> lines = wrapped.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      int first = Math.max(from, hidden.from());
      int last = Math.min(from + lines.get(i).length(), hidden.to());
      if (first < last) {
        String own = whole.substring(first, last);
        for (int length = own.length(); length > longest; length--) {
          for (int at = 0; at + length <= own.length(); at++) {
            if (shown.get(i).contains(own.substring(at, at + length))) {
              longest = Math.max(longest, length);
            }
          }
        }
      }
      from += lines.get(i).length();
    }
    return longest;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "746f 6b5f 3866 4133 6b4c 6d39 517a 5877",
        "74:6f:6b:5f:38:66:41:33:6b:4c:6d:39:51:7a:58:77",
        "74 6F 6B 5F 38 66 41 33 6B 4C 6D 39 51 7A 58 77",
        "t   o   k   _   8   f   A   3   k   L   m   9   Q   z   X   w",
      })
  void a_row_of_a_dump_is_hidden(String row) {
    Redactor redactor = redactor("tok_8fA3kLm9QzXw2Rb7Vn4CyT6uEs1Gd5Hj0");

    assertThat(redactor.redact("00000010  " + row + "  |x|").text())
        .isEqualTo("00000010  ***  |x|");
  }

  @Test
  void an_address_that_is_a_secret_does_not_hide_other_addresses() {
    Redactor redactor = redactor("https://hooks.example.com/run/srv-1?key=k9e8y7");

    assertThat(redactor.redact("https://hooks.example.com/ and https://example.com/run").text())
        .isEqualTo("https://hooks.example.com/ and https://example.com/run");
  }

  @Test
  void says_which_secrets_are_too_short_to_be_hidden() {
    Redactor redactor = redactor("abc", "abcd", "xy \n");

    assertThat(redactor.tooShort()).containsExactly(new Secret("abc"), new Secret("xy \n"));
    assertThat(redactor.redact("abc xy abcd").text()).isEqualTo("abc xy ***");
  }

  @Test
  void knows_the_length_of_the_longest_form() {
    assertThat(redactor("a/b+c").longest()).isEqualTo("a%252Fb%252Bc".length());
    assertThat(redactor("€€€€").longest()).isEqualTo("%25E2%2582%25AC".length() * 4);
    assertThat(redactor().longest()).isZero();
  }

  @Test
  void ten_megabytes_pass_with_ten_secrets() {
    Random random = new Random(3);
    Redactor redactor =
        redactor(random.ints(10, 20, 60).mapToObj(n -> text(random, n)).toArray(String[]::new));
    String line = text(random, 120) + " Authorization /deploy/ gh rnd_ ";
    redactor.redact(line.repeat(1_000));

    assertThat(redactor.redact(line.repeat(10_000_000 / line.length())).hidden()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/deploy/srv-a?key",
        "authorization: bearer",
        "authorization:    ",
        "ghp_aaaa.",
        "a"
      })
  void hostile_output_does_not_make_the_search_slow(String part) {
    String text = part.repeat(1_000_000 / part.length());

    // A search that tries again from each place would not end within the time limit of all tests
    assertThat(redactor("a".repeat(200)).redact(text)).isNotNull();
  }

  private static Redactor redactor(String... secrets) {
    return new Redactor(List.of(secrets).stream().map(Secret::new).toList());
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    random.ints(length, '!', '~').forEach(c -> text.append((char) c));
    return text.toString();
  }
}
