package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs of a page of docs/, as they stand there, run against a server. */
public final class PagePrograms {
  private final Path page;
  private final String proof;

  /**
   * Of a page.
   *
   * @param name such as {@code costs.md}
   */
  public PagePrograms(String name, String proof) {
    this.page = Path.of("../../docs").resolve(name);
    this.proof = proof;
  }

  /** The first program in a language. */
  public String program(String language) throws IOException {
    Matcher found =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(page));
    assertThat(found.find()).as(language).isTrue();
    return found.group(1);
  }

  /** Skips the test where something that it needs is not there. */
  public void skipWithout(boolean isThere, String what, String why) {
    if (!isThere) {
      Proof.skipped(proof + "-" + what, why);
    }
    assumeTrue(isThere, why);
  }

  /** What a program says; it must succeed. */
  public static String run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder program = new ProcessBuilder(command).redirectErrorStream(true);
    program.environment().keySet().removeIf(PagePrograms::isOfAProxy);
    program.environment().putAll(environment);
    Process running = program.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor()).as(said).isZero();
    return said;
  }

  private static boolean isOfAProxy(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith("_proxy");
  }

  /** Which version of a program there is; {@code absent} without it. */
  public static String version(String program) throws InterruptedException {
    try {
      Process asked = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return asked.waitFor() == 0 ? said.strip() : "absent";
    } catch (IOException absent) {
      return "absent";
    }
  }
}
