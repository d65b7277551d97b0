package io.billingsdk.cli.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.broker.Instances.InstanceKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasteLinesTest {
  @TempDir Path directory;

  private static String said(boolean shown, Consumer<PasteLines> work) {
    StringWriter err = new StringWriter();
    work.accept(new PasteLines(new PrintWriter(err), shown));
    return err.toString();
  }

  @Test
  void afterInstance_stdoutIsAFile_hasTheSettingsOfTheServiceWithoutThePassword() throws Exception {
    Files.createDirectories(directory.resolve("broker"));
    Files.writeString(directory.resolve("mqtt-port"), "18883");
    assertThat(
            said(
                false,
                to -> to.afterInstance("gateway-1", InstanceKind.OWN_ID, "secret", directory)))
        .contains(
            "export BILLING_HOST=localhost",
            "export BILLING_PORT=18883",
            "export BILLING_USERNAME=gateway-1",
            "export BILLING_PASSWORD=",
            "export BILLING_CA_CERTIFICATES=" + directory + "/broker/ca.pem")
        .doesNotContain("secret");
  }

  @Test
  void afterInstance_stdoutIsTheSameScreen_hasThePasswordToPasteToo() {
    assertThat(said(true, to -> to.afterInstance("python-1", InstanceKind.V1, "secret", directory)))
        .contains("Python", "export BILLING_PORT=8883", "export BILLING_PASSWORD=secret");
  }

  @Test
  void quoted_wordsForAShell_areOneWordThere() throws Exception {
    for (String word : new String[] {"acme", "a b", "it's", "$(id)", "`x`", "", "-x", "ü;\n&"}) {
      Process shell =
          new ProcessBuilder("sh", "-c", "printf '%s|' " + PasteLines.quoted(word)).start();
      String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
      assertThat(said).isEqualTo(word + "|");
    }
  }
}
