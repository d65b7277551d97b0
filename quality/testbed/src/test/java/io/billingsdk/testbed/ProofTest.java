package io.billingsdk.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProofTest {

  private static final String PROPERTY = "proofs.file";

  @TempDir Path directory;
  private String before = "";

  @BeforeEach
  void redirect() {
    before = System.getProperty(PROPERTY, "");
    System.setProperty(PROPERTY, file().toString());
  }

  @AfterEach
  void putBack() {
    System.setProperty(PROPERTY, before);
  }

  @Test
  void print_twice_appendsToAFileWhoseFolderWasMissing() throws Exception {
    Proof.of("self-test-of-proof").with("messages", 3).with("topic", "billing/report").print();
    Proof.skipped("self-test-of-skipping", "no engine");

    assertThat(Files.readAllLines(file()))
        .containsExactly(
            "proof: self-test-of-proof messages=3 topic=billing/report",
            "proof: self-test-of-skipping skipped=\"no engine\"");
  }

  @Test
  void with_valueThatWouldBreakTheLine_isQuoted() {
    assertThat(Proof.of("x").with("a", "say \"hi\"\nnow").with("b", "").toString())
        .isEqualTo("proof: x a=\"say \\\"hi\\\"\\nnow\" b=\"\"");
  }

  @Test
  void of_malformedNameOrKey_isRefused() {
    assertThatThrownBy(() -> Proof.of("two words")).hasMessageContaining("name");
    assertThatThrownBy(() -> Proof.of("x").with("a=b", 1)).hasMessageContaining("key");
  }

  private Path file() {
    return directory.resolve("deep/er/proofs.txt");
  }
}
