package io.billingsdk.benchmarks.grpc;

import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What carries the calls. */
enum Transport {
  IN_PROCESS(9, 400),
  NETTY(3, 60);

  /** JVMs, since what one of them has compiled how stays so for its life. */
  private final int jvms;

  private final int rounds;

  Transport(int jvms, int rounds) {
    this.jvms = jvms;
    this.rounds = rounds;
  }

  int jvms(boolean quick) {
    return quick ? 1 : jvms;
  }

  int rounds(boolean quick) {
    return quick ? 10 : rounds;
  }

  EchoServer serve(List<ServerInterceptor> interceptors) throws IOException {
    return this == IN_PROCESS
        ? EchoServer.inProcess(interceptors)
        : EchoServer.overNetty(interceptors);
  }

  String printed() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
