const config = require('@wordpress/scripts/config/webpack.config');

/** The lazily loaded style has one name for ever; without its hash a browser would keep the one of the last release. */
for (const plugin of config.plugins) {
  if (plugin.constructor.name === 'MiniCssExtractPlugin') plugin.options.chunkFilename = '[name].css?ver=[contenthash]';
}

module.exports = {
  ...config,
  // The table library is 1.9 MB and loads when a list is opened; what is larger than that came in by mistake.
  performance: { maxAssetSize: 2_100_000, maxEntrypointSize: 200_000 },
};
