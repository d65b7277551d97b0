/** Tests of what the commands write to. */
@NullMarked
package io.billingsdk.server.cli;

import org.jspecify.annotations.NullMarked;
