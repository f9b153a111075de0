// One line of JSON for what a call of a client came to.
module.exports = async (name, act) => {
  try {
    console.log(JSON.stringify({ name, answer: await act() }));
  } catch (error) {
    console.log(JSON.stringify({ name, error: error?.err ?? error?.code ?? error?.error ?? error?.message ?? error }));
  }
};
