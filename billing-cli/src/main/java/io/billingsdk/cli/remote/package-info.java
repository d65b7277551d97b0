/** The commands that ask a server over HTTP: usage, tail, send, rejected, replay and the like. */
@NullMarked
package io.billingsdk.cli.remote;

import org.jspecify.annotations.NullMarked;
