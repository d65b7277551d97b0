package io.billingsdk.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.OsUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who runs a command is what the operating system says, whatever the caller of Java says. */
class ActorTest {
  /** Prints the actor of a command. */
  static final class Command {
    private Command() {}

    public static void main(String[] args) {
      System.out.println(Actor.commandLine().name());
    }
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("USER", "mallory");
    builder.environment().put("LOGNAME", "mallory");
    builder.environment().put("SUDO_USER", "mallory");
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  @Test
  void commandLine_withAForgedProperty_isTheUserOfTheProcess() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String said =
        output(
            List.of(
                java,
                "-Duser.name=mallory",
                "-cp",
                System.getProperty("java.class.path"),
                Command.class.getName()));
    assertThat(said).isEqualTo("cli:" + output(List.of("id", "-un")));
    assertThat(OsUser.name()).isEqualTo(output(List.of("id", "-un")));
  }
}
