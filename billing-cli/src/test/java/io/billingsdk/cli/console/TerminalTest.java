package io.billingsdk.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
  private static Terminal of(int shown, String... environment) {
    Map<String, String> variables = new java.util.HashMap<>(Map.of("COLUMNS", "100"));
    for (int i = 0; i < environment.length; i += 2) {
      variables.put(environment[i], environment[i + 1]);
    }
    return Terminal.of(variables::get, shown);
  }

  @Test
  void colour_isOfStdoutAndProgressOfStderr() {
    assertThat(of(0, "TERM", "xterm").colour()).isFalse();
    assertThat(of(1, "TERM", "xterm"))
        .extracting("colour", "progress")
        .containsExactly(true, false);
    assertThat(of(2, "TERM", "xterm"))
        .extracting("colour", "progress")
        .containsExactly(false, true);
    assertThat(of(3, "TERM", "xterm")).extracting("colour", "progress").containsExactly(true, true);
  }

  @Test
  void colour_noColorIsSetOrTheTerminalIsDumb_isLeftOut() {
    assertThat(of(3, "TERM", "xterm", "NO_COLOR", "1"))
        .extracting("colour", "progress")
        .containsExactly(false, true);
    // The convention: empty is not set.
    assertThat(of(3, "TERM", "xterm", "NO_COLOR", "").colour()).isTrue();
    assertThat(of(3, "TERM", "dumb"))
        .extracting("colour", "progress")
        .containsExactly(false, false);
    assertThat(of(3)).extracting("colour", "progress").containsExactly(false, false);
  }

  @ParameterizedTest
  @CsvSource({
    "LANG, en_US.UTF-8, true",
    "LANG, de_DE.utf8, true",
    "LANG, C, false",
    "LC_ALL, C.UTF-8, true",
    "LC_CTYPE, en_US.ISO-8859-1, false"
  })
  void unicode_isTheLocales(String name, String value, boolean expected) {
    assertThat(of(0, name, value).unicode()).isEqualTo(expected);
  }

  @Test
  void unicode_theFirstVariableDecides() {
    assertThat(of(0, "LC_ALL", "C", "LANG", "en_US.UTF-8").unicode()).isFalse();
    assertThat(of(0, "LC_ALL", "", "LANG", "en_US.UTF-8").unicode()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"100, 100", "1, 40", "9999, 500", "many, 80", "0, 80"})
  void columns_areBounded(String said, int expected) {
    assertThat(of(0, "COLUMNS", said).columns()).isEqualTo(expected);
  }

  @Test
  void ofProcess_ofATestRun_isNoTerminal() {
    assertThat(Terminal.ofProcess()).extracting("colour", "progress").containsExactly(false, false);
  }
}
