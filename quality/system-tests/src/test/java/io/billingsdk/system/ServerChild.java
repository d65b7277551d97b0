package io.billingsdk.system;

import io.billingsdk.cli.BillingCommandLine;
import java.util.ArrayList;
import java.util.List;

/** The billing server as a process: {@code ./billing serve}. */
public final class ServerChild {
  private ServerChild() {}

  /** Runs it until it is killed. */
  public static void main(String[] args) {
    List<String> arguments = new ArrayList<>(List.of("serve"));
    arguments.addAll(List.of(args));
    System.exit(BillingCommandLine.create("billing").execute(arguments.toArray(String[]::new)));
  }
}
