package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What becomes of the rest of prepaid credit when a billing period begins. */
final class RolloverOptions {
  @Option(
      names = "--rollover-least",
      paramLabel = "N",
      description = "each billing period raises the rest to it; with --rollover-most")
  private @Nullable String least;

  @Option(
      names = "--rollover-most",
      paramLabel = "N",
      description = "each billing period cuts the rest to it; without it the rest stays")
  private @Nullable String most;

  @Option(
      names = "--keep-overage",
      description = "the new rest pays what the old one left open of the last invoice")
  private boolean keepOverage;

  /** Puts it into a body, if it is given; the server says what is missing. */
  void put(ObjectNode body) {
    if (least == null && most == null && !keepOverage) {
      return;
    }
    ObjectNode rollover = body.putObject("rollover");
    CustomersCommand.put(rollover, "least", least);
    CustomersCommand.put(rollover, "most", most);
    rollover.put("keepOverage", keepOverage);
  }
}
