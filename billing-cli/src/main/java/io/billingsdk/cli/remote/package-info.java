/** The commands that ask a server over HTTP: usage, tail, send. */
@NullMarked
package io.billingsdk.cli.remote;

import org.jspecify.annotations.NullMarked;
