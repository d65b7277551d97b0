/** Tests of the commands that ask a server over HTTP. */
@NullMarked
package io.billingsdk.cli.remote;

import org.jspecify.annotations.NullMarked;
