/**
 * For the authors of billing-sdk: the journal against the real kernel: killed processes, failing
 * system calls, full disks and power cuts.
 */
@NullMarked
package io.billingsdk.crash;

import org.jspecify.annotations.NullMarked;
