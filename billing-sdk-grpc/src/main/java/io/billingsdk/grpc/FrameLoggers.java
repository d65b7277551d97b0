package io.billingsdk.grpc;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loggers of grpc-netty that print each frame with its headers, API keys included. */
final class FrameLoggers {
  private static final Logger log = LoggerFactory.getLogger(Revocations.LOGGER);
  private static final List<String> NAMES =
      List.of(
          "io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler",
          "io.grpc.netty.NettyServerHandler");

  private FrameLoggers() {}

  /** A root logger at DEBUG turns them on without a word; somebody should say it. */
  static void warnWhereOn() {
    for (String name : NAMES) {
      if (LoggerFactory.getLogger(name).isDebugEnabled()) {
        log.warn("the logger {} is at DEBUG: where it is used it prints every API key", name);
      }
    }
  }
}
