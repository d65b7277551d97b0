package io.billingsdk.examples.demo;

import java.util.List;

/** How to call the gateway from another terminal, once the demo keeps running. */
final class CallHint {
  private CallHint() {}

  static List<String> lines(DemoWorld world) {
    String address = "localhost:" + world.gatewayPort();
    return List.of(
        "",
        "The gateway goes on serving until Ctrl-C. Everything below dies with it.",
        "  address  " + address + " (gRPC over TLS; CA " + world.gatewayCa() + ")",
        "  API key  " + world.validKey(),
        "With grpcurl, from the root of the repository:",
        "  grpcurl -cacert " + world.gatewayCa() + " -H 'api-key: " + world.validKey() + "' \\",
        "    -import-path billing-sdk-examples/src/main/proto"
            + " -proto billingsdk/examples/v1/gateway.proto \\",
        "    -d '{\"messages\":[{\"role\":\"user\",\"content\":\"Say it in short. It is long.\"}]}'"
            + " \\",
        "    " + address + " billingsdk.examples.v1.Llm/Complete",
        "");
  }
}
