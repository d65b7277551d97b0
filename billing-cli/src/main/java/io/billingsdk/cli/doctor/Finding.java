package io.billingsdk.cli.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What one check has found. Holds no secret.
 *
 * @param check its name, for machines: {@code broker.tls}
 * @param found in one line
 * @param fix what to do, in one line; null when nothing is to be done
 */
record Finding(String check, Result result, String found, @Nullable String fix) {
  /** How a check ended. */
  enum Result {
    /** As it should be. */
    OK,
    /** It works, and somebody should know. */
    WARN,
    /** It does not work, or not as promised. */
    FAIL,
    /** Not checked: something before it failed, or there was nothing to check. */
    SKIPPED
  }
}
