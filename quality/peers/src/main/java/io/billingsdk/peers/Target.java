package io.billingsdk.peers;

import java.nio.file.Path;

/**
 * Where a library sends to, and what it may use.
 *
 * @param port of 127.0.0.1
 * @param authority of the certificate, where the sink has TLS
 * @param directory for what the library keeps on disk
 */
record Target(int port, Path authority, Path directory) {
  String url() {
    return "http://127.0.0.1:" + port;
  }
}
