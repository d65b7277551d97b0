package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class OneLineTest {
  @Test
  void of_severalLines_isOne() {
    assertThat(OneLine.of(new IllegalStateException(" first \r\n\n  second\n")))
        .isEqualTo("first; second");
  }

  @Test
  void of_noMessage_isTheKind() {
    assertThat(OneLine.of(new IllegalStateException())).isEqualTo("IllegalStateException");
    assertThat(OneLine.of(new IllegalStateException(" \n"))).isEqualTo("IllegalStateException");
  }

  @Test
  void of_anExceptionOfFilesThatSaysAPathAlone_saysItsKindToo() {
    assertThat(OneLine.of(new NoSuchFileException("/a/b"))).isEqualTo("NoSuchFileException: /a/b");
    assertThat(OneLine.of(new FileNotFoundException("x"))).isEqualTo("FileNotFoundException: x");
  }

  @Test
  void of_anExceptionOfFilesWithWords_isItsWords() {
    assertThat(OneLine.of(new IOException("disk full"))).isEqualTo("disk full");
    assertThat(OneLine.of(new IllegalStateException("x"))).isEqualTo("x");
  }
}
