package io.billingsdk.examples.demo;

import picocli.CommandLine;

/** The command line of {@code ./billing}, for tests of other packages. */
public final class DemoCommandLine {
  private DemoCommandLine() {}

  /** A command line with all commands, the demo included; none of them has run. */
  public static CommandLine create() {
    return Main.commandLine();
  }
}
