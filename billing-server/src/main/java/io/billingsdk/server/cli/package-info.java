/** The commands of the server. */
@NullMarked
package io.billingsdk.server.cli;

import org.jspecify.annotations.NullMarked;
