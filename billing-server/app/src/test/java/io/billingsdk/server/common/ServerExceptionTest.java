package io.billingsdk.server.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ServerExceptionTest {
  @Test
  void of_problemAndExpectation_isOneSentenceAndTwoFields() {
    IOException cause = new IOException("busy");
    InstallationException failed =
        InstallationException.of("port 80 is taken", "name another with --port", cause);
    assertThat(failed)
        .hasMessage("port 80 is taken; name another with --port")
        .hasCause(cause)
        .returns("port 80 is taken", InstallationException::problem)
        .returns("name another with --port", InstallationException::expected);
  }

  @Test
  void problemAlone_hasNoExpectation() {
    assertThat(new InstallationException("the disk is full"))
        .hasMessage("the disk is full")
        .returns("the disk is full", InstallationException::problem)
        .returns(null, InstallationException::expected);
  }

  /** A field whose name holds the words of the sentence was cut short when it was parsed. */
  @Test
  void invalid_fieldWithTheWordsOfTheSentence_keepsItsExpectation() {
    RequestRefusedException refused =
        RequestRefusedException.invalid("metadata.it must be", "a text");
    assertThat(refused)
        .hasMessage("metadata.it must be must be a text")
        .returns("metadata.it must be", RequestRefusedException::field)
        .returns("a text", RequestRefusedException::expected);
  }

  @Test
  void expected_ofAnotherKind_isADefect() {
    assertThatIllegalStateException()
        .isThrownBy(RequestRefusedException.notFound("appId", "no such app")::expected)
        .withMessageContaining("NOT_FOUND");
  }
}
