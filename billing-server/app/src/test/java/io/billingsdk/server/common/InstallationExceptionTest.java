package io.billingsdk.server.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class InstallationExceptionTest {
  @Test
  void of_severalLines_isOne() {
    assertThat(InstallationException.reason(new IllegalStateException(" first \r\n\n  second\n")))
        .isEqualTo("first; second");
  }

  @Test
  void of_noMessage_isTheKind() {
    assertThat(InstallationException.reason(new IllegalStateException()))
        .isEqualTo("IllegalStateException");
    assertThat(InstallationException.reason(new IllegalStateException(" \n")))
        .isEqualTo("IllegalStateException");
  }

  @Test
  void of_anExceptionOfFilesThatSaysAPathAlone_saysItsKindToo() {
    assertThat(InstallationException.reason(new NoSuchFileException("/a/b")))
        .isEqualTo("NoSuchFileException: /a/b");
    assertThat(InstallationException.reason(new FileNotFoundException("x")))
        .isEqualTo("FileNotFoundException: x");
  }

  @Test
  void of_anExceptionOfFilesWithWords_isItsWords() {
    assertThat(InstallationException.reason(new IOException("disk full"))).isEqualTo("disk full");
    assertThat(InstallationException.reason(new IllegalStateException("x"))).isEqualTo("x");
  }
}
