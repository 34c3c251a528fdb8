package dev.slipway.runlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LineAssemblerTest {
  private static final Redactor NOTHING_SECRET = new Redactor(List.of());
  private static final int PIECE = OpenLine.PIECE;

  private final List<String> lines = new ArrayList<>();

  static List<Arguments> terminal() {
    return List.of(
        arguments("one\ntwo\n", List.of("one", "two")),
        arguments("one\r\ntwo\r\n", List.of("one", "two")),
        arguments("one\r\r\n\ntwo", List.of("one", "", "two")),
        arguments("10%\r50%\r100%\nok", List.of("100%", "ok")),
        arguments("10%\r\u001b[K50%\r\u001b[K\nok\r", List.of("50%", "ok")),
        arguments("\u001b[32m10%\r99%\u001b[0m\r\n", List.of("\u001b[32m99%\u001b[0m")),
        arguments("\u001b[32ma\u001b[m\u001b[1mlong text\rb\n", List.of("\u001b[m\u001b[1mb")),
        arguments("a\tb\0c\bd\u000be\ff\u007fg", List.of("a\tbcd e fg")),
        arguments("\u001b[1;31mred\u001b[0m x", List.of("\u001b[1;31mred\u001b[0m x")),
        arguments("\u001b[38:2::1:2:3mx", List.of("\u001b[38:2::1:2:3mx")),
        arguments("\u001b[2J\u001b[H\u001b[?25lx\u001b[3;4Hy\u001b[K", List.of("xy")),
        arguments("\u001b[>4;2mx\u001b7\u001b(By\u001bcz", List.of("xyz")),
        arguments("\u001b]8;;https://x.test\u0007link\u001b]8;;\u001b\\ x", List.of("link x")),
        arguments("\u001b]0;title\u0007a\u001b]0;title\u001b\\b", List.of("ab")),
        arguments(
            "\u001bPq#0;1\u001b\\a\u001b_x\u001b\\b\u001b^x\u001b\\c\u001bXy\u001b\\d",
            List.of("abcd")),
        arguments("\u009b31ma\u009d0;t\u009cb", List.of("\u001b[31mab")),
        arguments("\u001b]0;never ends\nnext", List.of("", "next")),
        arguments("\u001b[12\nnext\u001b[1\u001b[32mgreen", List.of("", "next\u001b[32mgreen")),
        arguments("\u001b]0;t\u001b[1mbold\u001b", List.of("\u001b[1mbold")),
        arguments("a\u2028b\u2029c\u0085d", List.of("a b c d")),
        arguments("a\u202eb\u2066c\u2069d\u202ae", List.of("abcde")),
        arguments("é€😀\n", List.of("é€😀")));
  }

  @ParameterizedTest
  @MethodSource("terminal")
  void makes_lines_of_what_a_terminal_would_show(String output, List<String> expected) {
    for (int step : new int[] {1, 2, 3, 1_000}) {
      lines.clear();
      LineAssembler assembler = new LineAssembler(NOTHING_SECRET, lines::add);
      byte[] bytes = output.getBytes(UTF_8);
      for (int i = 0; i < bytes.length; i += step) {
        assembler.write(bytes, i, Math.min(step, bytes.length - i));
      }
      assembler.flush();

      assertThat(lines).isEqualTo(expected);
    }
  }

  @Test
  void bytes_that_are_no_utf8_become_replacement_characters() {
    assemble(
        NOTHING_SECRET, new byte[] {'a', (byte) 0xff, 'b', (byte) 0xed, (byte) 0xa0, (byte) 0x80});
    assertThat(lines).containsExactly("a\ufffdb\ufffd");

    lines.clear();
    assemble(NOTHING_SECRET, Arrays.copyOf("a😀".getBytes(UTF_8), 4));
    assertThat(lines).containsExactly("a\ufffd");
  }

  @Test
  void an_unfinished_line_waits_for_the_flush() {
    LineAssembler assembler = new LineAssembler(NOTHING_SECRET, lines::add);
    assembler.write("xhalf\nxof".getBytes(UTF_8), 1, 7);
    assertThat(lines).containsExactly("half");

    assembler.flush();
    assembler.flush();
    assertThat(lines).containsExactly("half", "xo");
  }

  @Test
  void an_endless_sequence_swallows_at_most_four_thousand_characters() {
    for (String begin : List.of("\u001b]0;", "\u001bP", "\u001b[", "\u001b(")) {
      lines.clear();
      String filler = begin.endsWith("[") ? "1" : begin.endsWith("(") ? " " : "x";
      assemble(NOTHING_SECRET, (begin + filler.repeat(4_096) + "visible").getBytes(UTF_8));
      assertThat(lines).singleElement().asString().endsWith("visible").hasSizeLessThan(20);
    }
  }

  @Test
  void long_lines_come_in_pieces_without_losing_a_character() {
    String line = "0123456789".repeat(3_000);

    assemble(NOTHING_SECRET, (line + "\nnext").getBytes(UTF_8));

    assertThat(lines).hasSize(5).endsWith("next");
    assertThat(String.join("", lines.subList(0, 4))).isEqualTo(line);
  }

  @Test
  void a_cut_never_parts_a_surrogate_pair() {
    String line = "x" + "😀".repeat(20_000);

    assemble(NOTHING_SECRET, line.getBytes(UTF_8));

    assertThat(lines.get(0)).hasSize(PIECE - 1);
    assertThat(String.join("", lines)).isEqualTo(line);
  }

  @Test
  void a_secret_across_a_cut_is_hidden() {
    Redactor redactor = new Redactor(List.of(new Secret("0123456789")));
    for (int before = PIECE - 12; before <= PIECE + 2; before++) {
      lines.clear();
      String line = "x".repeat(before) + "0123456789" + "y".repeat(PIECE);

      assemble(redactor, line.getBytes(UTF_8));

      assertThat(String.join("", lines).replaceAll("(\\*\\*\\*){1,2}", "#"))
          .isEqualTo("x".repeat(before) + "#" + "y".repeat(PIECE));
    }
  }

  @Test
  void a_token_known_by_shape_across_a_cut_is_hidden() {
    String token = "ghs_" + "aB3.".repeat(150);

    assemble(
        NOTHING_SECRET,
        ("x".repeat(PIECE - 8) + token + " end" + "y".repeat(PIECE)).getBytes(UTF_8));

    assertThat(String.join("", lines)).doesNotContain("aB3").contains(" end");
  }

  @Test
  void a_private_key_that_nobody_named_is_hidden_to_its_last_line() {
    LineAssembler assembler = new LineAssembler(new Redactor(List.of()), lines::add);
    byte[] output =
        "a\n-----BEGIN PRIVATE KEY-----\nMIIEvQ\nABC=\n-----END PRIVATE KEY-----\nb\n"
            .getBytes(UTF_8);

    assembler.write(output, 0, output.length);

    assertThat(lines)
        .containsExactly(
            "a", "-----BEGIN PRIVATE KEY-----", "***", "***", "-----END PRIVATE KEY-----", "b");
  }

  @Test
  void colours_and_controls_inside_a_secret_do_not_show_it() {
    Redactor redactor = new Redactor(List.of(new Secret("hunter22")));

    assemble(
        redactor,
        "a \u001b[1mhun\u001b[31mt\u0000e\u001b[Kr\u202e2\u001b]8;;x\u00072\u001b[0m z"
            .getBytes(UTF_8));

    assertThat(lines).containsExactly("a \u001b[1m***\u001b[31m\u001b[0m z");
  }

  @Test
  void planted_secrets_never_come_out_however_the_bytes_are_cut() {
    Random random = new Random(7);
    List<String> secrets =
        List.of("corr3ct/horse+battery~staple", "s3cr3t\"with\\é&<quotes>", "k0rz1");
    Redactor redactor = new Redactor(secrets.stream().map(Secret::new).toList());
    for (int round = 0; round < 100; round++) {
      StringBuilder output = new StringBuilder();
      int planted = 0;
      for (int i = 0; i < 40; i++) {
        output.append(noise(random));
        if (random.nextInt(3) == 0) {
          output.append(" ").append(form(random, secrets.get(random.nextInt(3)))).append(" ");
          planted++;
        }
      }
      byte[] bytes = output.toString().getBytes(UTF_8);

      List<String> whole = cutAtRandom(redactor, bytes, bytes.length, random);
      List<String> cut = cutAtRandom(redactor, bytes, 1 + random.nextInt(200), random);

      assertThat(cut).isEqualTo(whole);
      assertThat(planted).isPositive();
      String all = String.join("", whole).replaceAll("\u001b\\[[0-9;]*m", "");
      for (String secret : secrets) {
        for (String form : forms(secret)) {
          assertThat(all).doesNotContain(form);
        }
      }
    }
  }

  @Test
  void random_bytes_give_the_same_lines_however_they_are_cut() {
    Random random = new Random(8);
    byte[] likely = "\u001b\u001b\u001b[]0;1m\\\u0007\r\r\n\n\t\u009b\u2028€😀abc".getBytes(UTF_8);
    for (int round = 0; round < 100; round++) {
      byte[] bytes = new byte[random.nextInt(30_000)];
      boolean anything = random.nextInt(4) == 0;
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = anything ? (byte) random.nextInt() : likely[random.nextInt(likely.length)];
      }

      List<String> whole = cutAtRandom(NOTHING_SECRET, bytes, bytes.length + 1, random);

      assertThat(cutAtRandom(NOTHING_SECRET, bytes, 50, random)).isEqualTo(whole);
      assertThat(whole)
          .allSatisfy(
              line ->
                  assertThat(line.replaceAll("\u001b\\[[0-9;:]*m", ""))
                      .doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f\u2028\u2029&&[^\t]]")
                      .hasSizeLessThanOrEqualTo(PIECE));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x, 5",
    "\u001b[3, 5",
    "\u001b[31m, 5",
    "'x\r', 5",
    "'\u001b[31mx\r', 5",
    "\u001b[1m\u001b[2mx, 5"
  })
  void one_long_line_passes_in_bounded_pieces(String part, int megabytes) {
    long[] seen = new long[2];
    LineAssembler assembler =
        new LineAssembler(
            NOTHING_SECRET,
            line -> {
              seen[0]++;
              seen[1] = Math.max(seen[1], line.length());
            });
    byte[] bytes = part.repeat(64 * 1024 / part.length()).getBytes(UTF_8);
    for (int i = 0; i < megabytes * 16; i++) {
      assembler.write(bytes, 0, bytes.length);
    }
    assembler.flush();

    assertThat(seen[0]).isLessThanOrEqualTo(megabytes * 1024L * 1024 / PIECE);
    assertThat(seen[1]).isLessThanOrEqualTo(3 * PIECE);
  }

  private LineAssembler assemble(Redactor redactor, byte[] bytes) {
    LineAssembler assembler = new LineAssembler(redactor, lines::add);
    assembler.write(bytes, 0, bytes.length);
    assembler.flush();
    return assembler;
  }

  private static List<String> cutAtRandom(
      Redactor redactor, byte[] bytes, int most, Random random) {
    List<String> lines = new ArrayList<>();
    LineAssembler assembler = new LineAssembler(redactor, lines::add);
    int next = 0;
    while (next < bytes.length) {
      int length = Math.min(bytes.length - next, 1 + random.nextInt(most));
      assembler.write(bytes, next, length);
      next += length;
    }
    assembler.flush();
    return lines;
  }

  private static String noise(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "\n";
      case 1 -> "\r\n";
      case 2 -> "\u001b[3" + random.nextInt(8) + "m";
      case 3 -> "é😀 ".repeat(random.nextInt(900));
      case 4 -> "building ".repeat(random.nextInt(900));
      default -> "\u001b]0;title\u0007";
    };
  }

  private static String form(Random random, String secret) {
    List<String> forms = forms(secret);
    String form = forms.get(random.nextInt(forms.size()));
    int at = random.nextInt(form.length());
    return switch (random.nextInt(4)) {
      case 0 -> form.substring(0, at) + "\u001b[1m" + form.substring(at);
      case 1 -> form.substring(0, at) + "\u0000\u001b[2K" + form.substring(at);
      default -> form;
    };
  }

  private static List<String> forms(String secret) {
    byte[] bytes = secret.getBytes(UTF_8);
    String url = URLEncoder.encode(secret, UTF_8);
    return List.of(
        secret,
        secret.replace("\\", "\\\\").replace("\"", "\\\""),
        url.replace("+", "%20"),
        Base64.getEncoder().encodeToString(bytes),
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
        HexFormat.of().formatHex(bytes));
  }
}
