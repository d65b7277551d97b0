/** Tests of the command line. */
@NullMarked
package io.billingsdk.cli;

import org.jspecify.annotations.NullMarked;
