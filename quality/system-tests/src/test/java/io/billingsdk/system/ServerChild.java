package io.billingsdk.system;

import io.billingsdk.cli.operator.ServeCommand;
import picocli.CommandLine;

/** The billing server as a process: {@code ./billing serve}. */
public final class ServerChild {
  private ServerChild() {}

  /** Runs it until it is killed. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new ServeCommand()).execute(args));
  }
}
